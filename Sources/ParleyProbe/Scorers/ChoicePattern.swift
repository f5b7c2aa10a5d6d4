// The forms in which an answer names a letter. Matching is linear in the text: no repeated group holds another that
// can match the same characters, neighbours that could share characters are possessive (`*+`), and what is looked at
// after each match is bounded.

private import Foundation

/// One way to name a letter.
struct ChoicePattern: Sendable {
    struct Match {
        /// In upper case.
        let letter: String
        /// Whether the letter stands for itself: it is not an `a` or `I` that begins a phrase.
        let isLetter: Bool
        /// A second letter that is named with it: `B or C`.
        let otherLetter: String?
        /// From the letter to the end of its line.
        let restOfLine: String
    }

    private let expression: NSRegularExpression?
    /// Whether the mark may be followed by a choice's text instead of a letter.
    let takesText: Bool
    /// Whether a letter counts also where a word follows it.
    let isStrict: Bool

    private init(_ pattern: String, takesText: Bool = false, isStrict: Bool = false) {
        expression = try? NSRegularExpression(pattern: pattern, options: [])
        self.takesText = takesText
        self.isStrict = isStrict
    }

    private static let open = "(?:[\\s*_`$(\\[\"'“{]|\\\\boxed|\\\\text(?:bf)?|\\\\mathbf)*+"
    private static let end = "(?![\\p{L}\\p{N}'’])"
    private static let noun = "(?i:(?:option|choice|letter|answer)\\s+)?"

    /// The whole text is a letter.
    static let whole = ChoicePattern("^\(open)([A-Za-z])[\\s*_`$)\\].\"'”}:,!]*$", isStrict: true)
    /// `ANSWER: B`.
    static let marked = ChoicePattern(
        "(?i:\\banswer)[\\s*_`\"]*+[:=]\(open)\(noun)\(open)(?:([A-Za-z])\(end)|(?=\\S))",
        takesText: true,
        isStrict: true
    )
    /// `the answer is B`, `I choose option (B)`, `B is correct`.
    static let spoken = ChoicePattern(
        "(?:(?i:\\b(?:answer|choice|option|letter)\\s+(?:is|would\\s+be|should\\s+be|must\\s+be))\\s*+:?"
            + "|(?i:\\bI(?:['’]d|['’]ll|\\s+would|\\s+will|\\s+must)?\\s+(?:choose|pick|select|go\\s+with|say)))"
            + "\(open)\(noun)\(open)([A-Za-z])\(end)"
            + "|(?<![\\p{L}\\p{N}'’])([A-Z])[)\\]*.\"]*\\s+is\\s+(?:the\\s+)?(?:correct|right|best|answer)\\b"
    )
    /// `B) …` at the start of a line.
    static let leading = ChoicePattern(
        "^[\\s*_`\"]*(?:[(\\[]([A-Za-z])[)\\]]|([A-Z])[*_]*(?:[).:\\]]|\\s+[-–—])(?!\\p{L}\\.))",
        isStrict: true
    )
    /// `(B)` or `option B` anywhere.
    static let named = ChoicePattern(
        "[(\\[]([A-Z])[)\\]]|(?i:\\b(?:option|choice))\\s+[*(]*([A-Z])\(end)",
        isStrict: true
    )

    /// The longest text of a choice that is known after a mark, and how far after a letter is looked, in UTF-16 units.
    private static let longestChoice = 1_024
    private static let reach = 64

    /// After a letter: a phrase that goes on, unless it gives the reason.
    private static let phrase = ChoicePattern("^\\s+(?!(?i:because|since|as|and|for|or|due)\\b)\\p{L}")
    private static let second = ChoicePattern(
        "^[)\\]*\\s]*(?:(?:,|/|&|(?i:and|or)\\b)\\s*[(\\[*]*|[(\\[](?=[A-Z][)\\]]))([A-Z])\(end)"
    )

    func matches(in text: String) -> [Match] {
        let whole = text as NSString
        return (expression?.matches(in: text, range: NSRange(location: 0, length: whole.length)) ?? []).map { match in
            let range = (1..<match.numberOfRanges).map { match.range(at: $0) }.first { $0.location != NSNotFound }
            let letter = range.map { whole.substring(with: $0) } ?? ""
            let start = range?.location ?? NSMaxRange(match.range)
            let rest = takesText ? whole.slice(from: start, atMost: Self.longestChoice) : ""
            let after = range.map { whole.slice(from: NSMaxRange($0), atMost: Self.reach) } ?? ""
            return Match(
                letter: letter.uppercased(),
                isLetter: !Self.phrase.isMatch(after) || !"aAiI".contains(letter),
                otherLetter: Self.second.group(after),
                restOfLine: String(rest.prefix { !$0.isNewline })
            )
        }
    }

    private func isMatch(_ text: String) -> Bool {
        expression?.firstMatch(in: text, range: NSRange(location: 0, length: text.utf16.count)) != nil
    }

    private func group(_ text: String) -> String? {
        let range = NSRange(location: 0, length: text.utf16.count)
        guard let match = expression?.firstMatch(in: text, range: range), match.range(at: 1).location != NSNotFound
        else { return nil }
        return (text as NSString).substring(with: match.range(at: 1))
    }
}

extension NSString {
    fileprivate func slice(from start: Int, atMost count: Int) -> String {
        substring(with: NSRange(location: start, length: min(count, length - start)))
    }
}
