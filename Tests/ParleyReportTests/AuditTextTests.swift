// Answers of the audit are hostile: no escape sequence reaches a terminal, and no formula a spreadsheet.

import ParleyReport
import Testing

@Suite("Texts of the audit")
struct AuditTextTests {
    private static func text(_ answer: String) -> AuditText {
        AuditText(
            ticket: "feed",
            place: "1 of 2, 0 labelled",
            suite: "s",
            question: "q\u{1B}[2J",
            answer: answer,
            target: ["t"],
            grades: ["C (1)", "I (0)"]
        )
    }

    @Test("A terminal gets no control character of an answer, and long answers with their middle left out")
    func terminal() throws {
        let shown = Self.text("a\u{1B}]0;x\u{7}b\u{202E}c\nd").terminal(styled: false)
        #expect(shown.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 32 && $0.value != 0x7F })
        #expect(shown.contains("a[U+001B]]0;x[U+0007]b[U+202E]c\nd") && shown.contains("1 C (1)   2 I (0)"))
        let long = Self.text(String(repeating: "x", count: 10_000) + "end")
        #expect(long.terminal(styled: false).contains("4003 characters left out"))
        #expect(long.terminal(styled: false).contains("xend") && long.wholeAnswer.count == 10_003)
    }

    @Test("A file's field is quoted, and never a formula", arguments: ["=1+1", "+1", "-1", "@x", "\tx"])
    func formula(answer: String) throws {
        let lines = auditCSV([(Self.text(answer), "C", "n\"1,2")]).split(separator: "\n")
        #expect(lines.count == 2 && lines[0] == "ticket,suite,question,answer,target,grades,label,note")
        #expect(lines[1].contains(",'\(answer),t,C (1) I (0),C,\"n\"\"1,2\""))
    }
}
