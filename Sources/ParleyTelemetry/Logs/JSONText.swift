// Text within JSON, for logs and spans. Besides what JSON demands, everything is escaped that a terminal or a viewer
// could take for more than text: control characters of both ranges, marks that turn the direction of reading, line and
// paragraph separators.

enum JSONText {
    /// Appends `text` as a JSON string, quotes included.
    static func append(_ text: String, to json: inout String) {
        json += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": json += "\\\""
            case "\\": json += "\\\\"
            case "\n": json += "\\n"
            case "\r": json += "\\r"
            case "\t": json += "\\t"
            default:
                if isInert(scalar) { json.unicodeScalars.append(scalar) } else { escape(scalar, &json) }
            }
        }
        json += "\""
    }

    /// Whether a scalar is shown as itself wherever it is written.
    static func isInert(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0: false
        // Arabic letter mark; left-to-right and right-to-left marks; separators and embeddings; isolates; the byte
        // order mark; tags.
        case 0x61C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF, 0xE0000...0xE007F: false
        default: true
        }
    }

    private static func escape(_ scalar: Unicode.Scalar, _ json: inout String) {
        for unit in String(scalar).utf16 {
            let digits = String(unit, radix: 16)
            json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
    }
}
