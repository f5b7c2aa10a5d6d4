// "I am X, made by Y": the form by which an answer gives its speaker away under names that no list holds. Only names
// that stand in such a sentence are found, so that a sentence about somebody else's work stays as it is.

private import Foundation

/// Finds the names by which an answer introduces its speaker.
enum SelfIntroduction {
    private static let word = "\\p{Lu}[\\p{L}\\p{N}-]*"
    /// A capitalised word, and what may follow it: versions and more such words.
    private static let name = "\(word)(?:\\.\\p{N}+)*(?:[ ]\\p{Lu}?\\p{N}[\\p{L}\\p{N}.-]*\\b|[ ]\(word)){0,3}"
    private static let opening = "\\b(?:I[ ]am|I[ ]was|I['’]m|(?i:my[ ]name[ ]is)|(?i:call[ ]me))[ ]+"
    private static let expressions = [
        "\(opening)(?:(\(name))|\\[model\\])?,?[ ]*(?:and[ ]I[ ]was[ ]+|an?[ ][^.!?\\n]{0,80}?)?"
            + "\\b(?:made|trained|developed|created|built|designed)[ ]+by[ ]+(\(name))",
        "\(opening)(\(name)),?[ ]+an?[ ](?=[^.!?\\n]{0,60}?\\b(?:AI|[Aa]ssistant|[Ll]anguage[ ]model|[Cc]hatbot|LLM)\\b)",
    ].compactMap { try? NSRegularExpression(pattern: $0) }

    /// The text with these names replaced, and how many they were.
    static func blind(_ text: String) -> (text: String, count: Int) {
        var text = text
        var count = 0
        for expression in expressions {
            let whole = NSRange(location: 0, length: text.utf16.count)
            var ranges: [NSRange] = []
            for match in expression.matches(in: text, range: whole) {
                ranges += (1..<match.numberOfRanges).map(match.range(at:)).filter { $0.location != NSNotFound }
            }
            let changed = NSMutableString(string: text)
            for range in ranges.sorted(by: { $0.location > $1.location }) {
                changed.replaceCharacters(in: range, with: Blinding.replacement)
            }
            text = changed.substring(from: 0)
            count += ranges.count
        }
        return (text, count)
    }
}
