// Text from a provider, made fit for messages and fingerprints: one line, of bounded length.

import ParleyModel

/// Bounds hostile text.
enum Bounded {
    /// The most characters of a provider's words in a message.
    static let messageLimit = 300

    /// One line without control characters.
    static func message(_ text: String, limit: Int = messageLimit) -> String {
        // Nearly all of it is short and plain.
        if text.utf8.count <= limit, text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(limit) {
            line.append(scalar.properties.generalCategory == .control ? " " : scalar)
        }
        return String(line) + (text.unicodeScalars.count > limit ? "…" : "")
    }
}

/// The name of a failure: the same failure has the same name, whatever its message says.
enum Fingerprint {
    private static let partLimit = 48

    /// `provider status part part`: parts of letters, digits and `._-` only, each bounded; a dash where there is none.
    static func text(_ provider: ProviderKind, status: Int?, _ parts: String?...) -> String {
        let status = status.map(String.init) ?? "-"
        let parts = parts.compactMap { $0 }.filter { !$0.isEmpty }.map(plain)
        return ([provider.rawValue, status] + parts).joined(separator: " ")
    }

    private static func plain(_ part: String) -> String {
        let isPlain = { (byte: UInt8) in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 45
                || byte == 46
                || byte == 95
        }
        return String(decoding: part.utf8.prefix(partLimit).map { isPlain($0) ? $0 : 95 }, as: UTF8.self)
    }
}
