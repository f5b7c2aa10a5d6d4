// The forms in which a secret is looked for. The secret is transformed, never the answer: an answer may have
// megabytes.

private import Foundation

/// A secret in all its forms.
struct LeakForms {
    struct Form {
        let name: String
        let needle: FoldedText
    }

    /// To be found in the folded answer.
    let plain: [Form]
    /// To be found in the folded answer without separators.
    let bare: [Form]
    /// To be found in the answer as it is, white space taken out.
    let base64: [FoldedText]

    /// The least length of a base64 form, in characters; shorter ones turn up in any text.
    static let shortestBase64 = 4

    init(of secret: String) {
        plain = Self.turned(secret, note: "")
        let stripped = FoldedText.withoutSeparators(secret)
        bare = stripped.count >= LeakScorer.shortestTarget ? Self.turned(stripped, note: " without separators") : []
        base64 = Set([secret, secret.lowercased(), secret.uppercased()]).sorted().flatMap { variant in
            (0...2).flatMap { Self.base64Forms(of: Array(variant.utf8), alignment: $0) }
        }
    }

    private static func turned(_ secret: String, note: String) -> [Form] {
        [("plain", secret), ("rot13", rot13(secret)), ("reversed", String(secret.reversed()))].map { name, text in
            Form(name: name + note, needle: FoldedText.bytes(of: text, ignoreCase: true))
        }
    }

    /// Each ASCII letter moved by thirteen.
    static func rot13(_ text: String) -> String {
        let bytes = text.utf8.map { byte -> UInt8 in
            switch byte {
            case 65...90: (byte - 65 + 13) % 26 + 65
            case 97...122: (byte - 97 + 13) % 26 + 97
            default: byte
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The characters of base64 that depend on the secret alone where it starts `alignment` bytes after a multiple
    /// of three: from ⌈8a/6⌉ up to ⌊8(a + n)/6⌋, in the common and in the URL alphabet.
    static func base64Forms(of secret: [UInt8], alignment: Int) -> [FoldedText] {
        let encoded = Array(Data([UInt8](repeating: 0, count: alignment) + secret).base64EncodedData())
        let (start, end) = ((8 * alignment + 5) / 6, 8 * (alignment + secret.count) / 6)
        guard end - start >= shortestBase64 else { return [] }
        let core = Array(encoded[start..<end])
        let safe = core.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? 95 : $0 }
        return safe == core ? [FoldedText(bytes: core)] : [FoldedText(bytes: core), FoldedText(bytes: safe)]
    }
}
