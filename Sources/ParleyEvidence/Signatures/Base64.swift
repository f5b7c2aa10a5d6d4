// Base64 as hostile input: one text for each sequence of bytes and alphabet. A DSSE envelope may be in the standard or
// the URL-safe alphabet (RFC 4648, sections 4 and 5); a mixture, missing padding, white space and stray bits at the end
// are refused, since two readers could take them for different bytes.

import Foundation

enum Base64 {
    /// Standard alphabet, padded.
    static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    /// nil where the text is not the one form of some bytes.
    static func decode(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count % 4 == 0 else { return nil }
        let padding = digits.suffix(2).count { $0 == UInt8(ascii: "=") }
        var hasStandard = false
        var hasURLSafe = false
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 4 * 3)
        var buffer: UInt32 = 0
        var bits = 0
        for digit in digits.dropLast(padding) {
            guard let value = value(of: digit) else { return nil }
            if digit == UInt8(ascii: "+") || digit == UInt8(ascii: "/") { hasStandard = true }
            if digit == UInt8(ascii: "-") || digit == UInt8(ascii: "_") { hasURLSafe = true }
            buffer = buffer << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
                buffer &= 1 << UInt32(bits) - 1
            }
        }
        guard buffer == 0, !(hasStandard && hasURLSafe) else { return nil }
        return bytes
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
