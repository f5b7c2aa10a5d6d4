// Takes keys out of whatever is kept. A server may echo the key in a header, a body or an error; nothing of a call
// leaves the client before it went through here. Values under eight bytes are placeholders (`EMPTY`, `none`) of
// servers that want no key: taking them out would change answers.

import Foundation
import ParleyModel

/// Replaces secrets by a mark.
struct Redactor: Sendable {
    static let mark = "[key removed]"
    static let shortestSecret = 8

    /// The secrets, longest first: as they are, and in the encodings that they may be echoed in.
    private let patterns: [[UInt8]]

    init(_ secrets: [String]) {
        // RFC 3986, section 2.3.
        let unreserved = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-._~"))
        let forms = secrets.filter { $0.utf8.count >= Self.shortestSecret }.flatMap { secret in
            [
                secret, Data(secret.utf8).base64EncodedString(),
                secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? secret,
                secret.addingPercentEncoding(withAllowedCharacters: unreserved) ?? secret,
                secret.addingPercentEncoding(withAllowedCharacters: .urlQueryAllowed) ?? secret,
                JSONValue.string(secret).canonical.dropFirst().dropLast().description,
                secret.replacing("/", with: "\\/"),
            ]
        }
        patterns = Set(forms.map { Array($0.utf8) }).sorted { $0.count > $1.count }
    }

    /// Whether there is nothing to take out.
    var isEmpty: Bool { patterns.isEmpty }

    /// Bytes without the secrets.
    func redact(_ bytes: [UInt8]) -> [UInt8] {
        patterns.reduce(bytes) { Self.replace($1, in: $0) }
    }

    /// Text without the secrets, compared byte by byte.
    func redact(_ text: String) -> String {
        guard !patterns.isEmpty else { return text }
        let bytes = Array(text.utf8)
        let redacted = redact(bytes)
        return redacted == bytes ? text : String(decoding: redacted, as: UTF8.self)
    }

    /// JSON without the secrets, in names and values.
    func redact(_ value: JSONValue) -> JSONValue {
        if patterns.isEmpty { return value }
        return switch value {
        case .string(let text): .string(redact(text))
        case .array(let elements): .array(elements.map(redact))
        case .object(let members):
            .object(
                Dictionary(members.map { (redact($0.key), redact($0.value)) }, uniquingKeysWith: { _, last in last })
            )
        case .null, .bool, .integer, .number: value
        }
    }

    private static func replace(_ pattern: [UInt8], in bytes: [UInt8]) -> [UInt8] {
        guard let first = pattern.first, bytes.count >= pattern.count else { return bytes }
        var result: [UInt8] = []
        var copied = 0
        var position = 0
        let last = bytes.count - pattern.count
        while position <= last {
            if bytes[position] == first, bytes[position..<position + pattern.count].elementsEqual(pattern) {
                result += bytes[copied..<position]
                result += Array(mark.utf8)
                position += pattern.count
                copied = position
            } else {
                position += 1
            }
        }
        return copied == 0 ? bytes : result + bytes[copied...]
    }
}
