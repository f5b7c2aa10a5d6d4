// How the choices of a multiple-choice item are shown, and the letters that they go by.

/// Choices laid out as letters.
enum ChoiceLayout {
    /// As many as the alphabet has letters.
    static let mostChoices = 26

    /// The prompt of a multiple-choice item whose suite has no template.
    static let defaultTemplate = """
        {{input}}

        {{choices}}

        Choose one of {{letters}}. You may reason first; end with a line of the form "ANSWER: X", X being the letter \
        that you choose.
        """

    /// `A`, `B`, … for this many choices, 26 at most.
    static func letters(_ count: Int) -> [String] {
        (0..<min(count, mostChoices)).map { String(UnicodeScalar(UInt8(ascii: "A") + UInt8($0))) }
    }

    /// One line a choice: `A) …`.
    static func text(of choices: [String]) -> String {
        zip(letters(choices.count), choices).map { "\($0)) \($1)" }.joined(separator: "\n")
    }
}
