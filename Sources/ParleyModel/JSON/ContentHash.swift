// Content hashes: SHA-256 over canonical JSON. What two parties agreed on is named by its hash, and a hash names one
// content only.

private import Crypto
private import Foundation

/// The SHA-256 of some content, written `sha256:` and 64 hexadecimal digits.
public struct ContentHash: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The 32 bytes.
    public let bytes: [UInt8]

    /// The hash of these bytes.
    public init(of content: some Sequence<UInt8>) {
        self.init(digest: SHA256.hash(data: Array(content)))
    }

    /// A hash of content that arrives in pieces and need not be held as a whole.
    public struct Stream: Sendable {
        private var hash = SHA256()

        public init() {}

        public mutating func update(_ bytes: some Sequence<UInt8>) { hash.update(data: Array(bytes)) }

        /// The hash of everything fed so far.
        public var value: ContentHash { ContentHash(digest: hash.finalize()) }
    }

    private init(digest: SHA256.Digest) { bytes = Array(digest) }

    /// The hash of the canonical form of a JSON value.
    public init(of value: JSONValue) {
        self.init(of: value.canonical.utf8)
    }

    /// Takes 32 stored bytes; nil for any other number.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// Reads `sha256:…`; nil where the text is not of that form.
    public init?(_ text: String) {
        guard text.hasPrefix("sha256:"), text.utf8.count == 71 else { return nil }
        let digits = Array(text.utf8.dropFirst(7))
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: 64, by: 2) {
            guard let high = Self.value(of: digits[index]), let low = Self.value(of: digits[index + 1]) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        self.bytes = bytes
    }

    public var description: String { "sha256:" + hex }

    /// The first 64 bits.
    public var number: UInt64 { bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }

    /// The 64 hexadecimal digits.
    public var hex: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case 48...57: digit - 48
        case 97...102: digit - 87
        default: nil
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let hash = ContentHash(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is no sha256: hash")
        }
        self = hash
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
