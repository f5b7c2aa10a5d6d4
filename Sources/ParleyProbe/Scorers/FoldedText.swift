// Text as bytes that can be compared and searched: composed, and case-folded where asked. Searching is by the C
// library's byte scan, so that an answer of many megabytes costs milliseconds.

private import Foundation

/// The bytes of a text in a form that can be searched.
struct FoldedText: Equatable {
    let bytes: [UInt8]

    /// The text in composed form (NFC), in lower case if asked.
    static func bytes(of text: String, ignoreCase: Bool) -> FoldedText {
        let cased = ignoreCase ? text.lowercased() : text
        if cased.utf8.allSatisfy({ $0 < 128 }) { return FoldedText(bytes: Array(cased.utf8)) }
        return FoldedText(bytes: Array(cased.precomposedStringWithCanonicalMapping.utf8))
    }

    /// Letters and digits only, of any script.
    static func withoutSeparators(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where isLetterOrDigit(scalar) { scalars.append(scalar) }
        return String(scalars)
    }

    /// Without white space and invisible characters at either end.
    static func trimmed(_ text: String) -> String {
        var scalars = text.unicodeScalars[...]
        while let first = scalars.first, isInvisible(first) { scalars.removeFirst() }
        while let last = scalars.last, isInvisible(last) { scalars.removeLast() }
        return String(scalars)
    }

    /// Whether the needle occurs. An empty needle occurs nowhere: it would be found in every answer.
    func contains(_ needle: FoldedText) -> Bool {
        let (hay, pin) = (bytes, needle.bytes)
        guard let first = pin.first, hay.count >= pin.count else { return false }
        return hay.withUnsafeBytes { hay in
            pin.withUnsafeBytes { pin in
                guard let base = hay.baseAddress, let pinBase = pin.baseAddress else { return false }
                var start = 0
                let last = hay.count - pin.count
                while start <= last, let hit = memchr(base + start, Int32(first), last - start + 1) {
                    if memcmp(hit, pinBase, pin.count) == 0 { return true }
                    start = UnsafeRawPointer(hit) - base + 1
                }
                return false
            }
        }
    }

    static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 128 { return scalar.value <= 32 || scalar.value == 127 }
        if scalar.properties.isWhitespace { return true }
        switch scalar.properties.generalCategory {
        case .control, .format: return true
        default: return false
        }
    }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 48...57, 65...90, 97...122: return true
        case 0..<128: return false
        default: return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        }
    }
}
