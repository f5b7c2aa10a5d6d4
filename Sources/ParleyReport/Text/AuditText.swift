// An answer of the audit as a person reads it, in a terminal or in a file of a spreadsheet. Questions and answers are
// hostile: for the terminal they are escaped and, where they are long, cut in the middle; in a file a field that a
// spreadsheet would take for a formula begins with an apostrophe.

/// An answer to be labelled.
public struct AuditText: Hashable, Sendable {
    /// The most characters of a question or an answer that are shown before anybody asks for all.
    public static let shownCharacters = 6000

    public var ticket: String
    /// For instance `3 of 40, 2 labelled`.
    public var place: String
    public var suite: String
    public var question: String
    /// Blinded.
    public var answer: String
    /// What the dataset says is right.
    public var target: [String]
    /// Grades with their scores, in the order of their numbers from 1.
    public var grades: [String]

    public init(
        ticket: String,
        place: String,
        suite: String,
        question: String,
        answer: String,
        target: [String],
        grades: [String]
    ) {
        self.ticket = ticket
        self.place = place
        self.suite = suite
        self.question = question
        self.answer = answer
        self.target = target
        self.grades = grades
    }

    /// For a terminal.
    public func terminal(styled: Bool) -> String {
        func heading(_ text: String) -> String { TerminalStyle.bold(text, styled) }
        var parts = [heading("\(place) · suite \(suite) · ticket \(ticket)"), ""]
        parts += [heading("Question"), Self.shown(question), ""]
        parts += [heading("Answer"), answer.isEmpty ? "(empty)" : Self.shown(answer), ""]
        if !target.isEmpty { parts += [heading("Reference"), Self.shown(target.joined(separator: "\n")), ""] }
        let choices = grades.enumerated().map { "\($0 + 1) \(Escape.terminal($1))" }.joined(separator: "   ")
        parts.append(heading("Grades") + "  \(choices)   ·  unsure  skip  undo  note TEXT  rubric  all  help  quit")
        return parts.joined(separator: "\n")
    }

    /// The whole answer, for a terminal.
    public var wholeAnswer: String { Escape.terminal(answer, allowingNewlines: true) }

    /// Text of a model or a dataset, for a terminal, with its middle left out where it is long.
    public static func shown(_ text: String) -> String {
        guard text.count > shownCharacters else { return Escape.terminal(text, allowingNewlines: true) }
        let head = Escape.terminal(String(text.prefix(shownCharacters / 4 * 3)), allowingNewlines: true)
        let tail = Escape.terminal(String(text.suffix(shownCharacters / 4)), allowingNewlines: true)
        return "\(head)\n[… \(text.count - shownCharacters) characters left out; 'all' shows them …]\n\(tail)"
    }
}

/// The audit as CSV, with a header and no newline at the end: `ticket`, `suite`, `question`, `answer`, `target`,
/// `grades`, `label`, `note`.
/// - Parameter rows: each answer with the label and the note that its reader gave before, empty where there is none
public func auditCSV(_ rows: [(text: AuditText, label: String, note: String)]) -> String {
    let header = ["ticket", "suite", "question", "answer", "target", "grades", "label", "note"]
    return csv(
        [header]
            + rows.map { row in
                let text = row.text
                return [
                    text.ticket, text.suite, text.question, text.answer, text.target.joined(separator: "\n"),
                    text.grades.joined(separator: " "), row.label, row.note,
                ].map(plainField)
            }
    )
}

/// Without invisible characters, and no formula.
private func plainField(_ text: String) -> String {
    let text = Escape.terminal(text, allowingNewlines: true)
    guard let first = text.first, "=+-@\t".contains(first) else { return text }
    return "'" + text
}
