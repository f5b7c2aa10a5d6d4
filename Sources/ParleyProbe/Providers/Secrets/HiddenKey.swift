// A key that a body holds in a form that its bytes do not show: spelled with JSON escapes, or spread over the events
// of a stream or the parts of a message. It cannot be cut out of the body as it came; the body is then withheld.

import ParleyModel

/// Looks for keys behind escapes and in pieces.
struct HiddenKey {
    private let redactor: Redactor
    /// All texts under the same member names, in order: what a reader of the stream would put together.
    private var texts: [String: String] = [:]

    /// Whether a body, already redacted as bytes, still tells a key to who reads it as JSON or as a stream.
    static func isIn(_ body: [UInt8], _ redactor: Redactor) -> Bool {
        if redactor.isEmpty { return false }
        var search = HiddenKey(redactor: redactor)
        if let json = try? JSONValue(parsing: body) {
            search.collect(json, path: "")
        } else {
            let plain = unescaped(body)
            if redactor.redact(plain) != plain { return true }
            for json in ServerEvent.parse(body).compactMap(\.json) { search.collect(json, path: "") }
        }
        return search.texts.contains { path, text in redactor.redact(text) != text || redactor.redact(path) != path }
    }

    private init(redactor: Redactor) { self.redactor = redactor }

    private mutating func collect(_ value: JSONValue, path: String) {
        switch value {
        case .string(let text): texts[path, default: ""] += text
        case .array(let elements): for element in elements { collect(element, path: path) }
        case .object(let members): for (name, member) in members { collect(member, path: path + "." + name) }
        case .null, .bool, .integer, .number: texts[path, default: ""] += ""
        }
    }

    /// The bytes with ASCII characters in place of their escapes `\u00XX` and `\/`: for a body that is cut off and
    /// therefore is no JSON.
    private static func unescaped(_ body: [UInt8]) -> [UInt8] {
        guard body.contains(UInt8(ascii: "\\")) else { return body }
        var plain: [UInt8] = []
        var rest = body[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                plain.append(byte)
                continue
            }
            let digits = String(decoding: rest.dropFirst(3).prefix(2), as: UTF8.self)
            if rest.starts(with: "u00".utf8), let scalar = UInt8(digits, radix: 16) {
                plain.append(scalar)
                rest = rest.dropFirst(5)
            } else if let next = rest.popFirst() {
                plain.append(next)
            }
        }
        return plain
    }
}
