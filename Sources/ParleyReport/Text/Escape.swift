// The one place where text is made safe to show. Titles, sample ids, messages and explanations come from datasets,
// models and other parties: they are hostile. Invariant: after `html` no character of the text is markup, after
// `terminal` none is a command to the terminal, and after either nothing in it is invisible or reorders its line.

/// Makes text safe for where it is shown.
public enum Escape {
    /// Text for an HTML or XML text node or a quoted attribute. `& < > " '` become references; control, bidirectional
    /// and other invisible characters are named, for instance `[U+202E]`; `\r\n` becomes `\n`.
    public static func html(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count + text.utf8.count / 8)
        for scalar in lines(text) {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n", "\t": result.unicodeScalars.append(scalar)
            default: append(scalar, to: &result)
            }
        }
        return result
    }

    /// Text for a terminal. Every control character, ESC among them, and every bidirectional or invisible one is
    /// named; line breaks and tabs stay only where they are allowed.
    public static func terminal(_ text: String, allowingNewlines: Bool = false) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in lines(text) {
            if allowingNewlines, scalar == "\n" || scalar == "\t" {
                result.unicodeScalars.append(scalar)
            } else {
                append(scalar, to: &result)
            }
        }
        return result
    }

    /// The scalars with each `\r\n` as one `\n`.
    private static func lines(_ text: String) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            if scalar == "\n", result.last == "\r" { result.removeLast() }
            result.append(scalar)
        }
        return result
    }

    private static func append(_ scalar: Unicode.Scalar, to result: inout String) {
        guard isUnseen(scalar) else {
            result.unicodeScalars.append(scalar)
            return
        }
        let digits = String(scalar.value, radix: 16, uppercase: true)
        result += "[U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "]"
    }

    /// Whether a reader would not see this character, or would see others in another order because of it.
    private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
        // Joiners shape emoji and several scripts; they move nothing.
        if scalar == "\u{200C}" || scalar == "\u{200D}" { return false }
        // The supplementary variation selectors can carry a hidden text.
        if (0xE0100...0xE01EF).contains(scalar.value) || scalar.properties.isNoncharacterCodePoint { return true }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        default: return false
        }
    }
}
