// The words of a choice or an answer, for comparing them as texts.

/// Texts as words.
enum ChoiceWords {
    /// The words in lower case, one space before, between and after them. Marks between two letters or digits stay
    /// (`3.5`, `don't`), as does a minus before a digit.
    static func joined(_ text: String) -> String {
        let scalars = Array(text.lowercased().unicodeScalars)
        func isPlain(_ index: Int) -> Bool {
            scalars.indices.contains(index)
                && (scalars[index].properties.isAlphabetic || scalars[index].properties.numericType != nil)
        }
        var words = String.UnicodeScalarView([" "])
        var endsWord = true
        for (index, scalar) in scalars.enumerated() {
            let isJoint =
                scalar != " " && isPlain(index - 1) && isPlain(index + 1) && ".,'’-".unicodeScalars.contains(scalar)
            let isMinus = (scalar == "-" || scalar == "\u{2212}") && !isPlain(index - 1) && isPlain(index + 1)
            if isPlain(index) || isJoint || isMinus {
                words.append(scalar == "\u{2212}" ? "-" : scalar == "’" ? "'" : scalar)
                endsWord = false
            } else if !endsWord {
                words.append(" ")
                endsWord = true
            }
        }
        if !endsWord { words.append(" ") }
        return String(words)
    }
}
