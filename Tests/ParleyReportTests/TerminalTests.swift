// The findings on a terminal.

import ParleyModel
import ParleyReport
import Testing

@Suite("Terminal") struct TerminalTests {
    static let columns: [TerminalTable.Column] = [.init("name"), .init("count", .right), .init("note")]

    @Test("Columns are aligned by graphemes, wide and combined characters among them")
    func alignment() {
        var table = TerminalTable(columns: Self.columns)
        table.append(["e\u{301}clair", "7", "x"])
        table.append(["世界", "1,234", ""])
        table.append(["👩‍👩‍👧", "56", "last"])
        let expected = """
            name    count  note
            e\u{301}clair      7  x
            世界      1,234
            👩‍👩‍👧          56  last

            """
        #expect(table.render() == expected)
    }

    @Test("Commands to the terminal in a cell are shown, not sent")
    func commands() {
        var table = TerminalTable(columns: Self.columns, isStyled: true)
        table.append(["\u{1B}[2J", "\u{202E}1", "a\nb"])
        let text = table.render()
        #expect(text.contains("[U+001B][2J") && text.contains("[U+202E]1") && text.contains("a[U+000A]b"))
        #expect(text.unicodeScalars.count { $0 == "\u{1B}" } == 2, "only the heading's bold and its end")
    }

    @Test("A table that is too wide is folded and every block repeats the first column", arguments: 1...40)
    func folding(_ width: Int) {
        var table = TerminalTable(columns: Self.columns)
        table.append(["first", "1", "some text"])
        let lines = table.render(width: width).split(separator: "\n", omittingEmptySubsequences: true)
        // name and count are 5 wide each, note is 9, gaps are 2: whole from 23 on, else two blocks.
        #expect(lines.count == (width >= 23 ? 2 : 4))
        #expect(lines.enumerated().allSatisfy { $1.hasPrefix($0.isMultiple(of: 2) ? "name" : "first") })
        if width >= 16 { #expect(lines.allSatisfy { $0.count <= width }) }
    }

    @Test("What looks across suites stands below, with what differs and what was not evaluated")
    func acrossSuites() throws {
        var findings = try MadeUpRound.findings()
        let text = findingsTable(findings, styled: false, width: nil)
        let lines = text.split(separator: "\n").map(String.init)
        let control = try #require(lines.first { $0.hasPrefix("area: AI control  ") })
        for part in ["43.1 % ± 1.2 pp", "83.3 %", "< 0.001", "44.0 % (20.0–70.0 %)", "6.0 % jailbreak: north-large"] {
            #expect(control.contains(part), "\(part) in \(control)")
        }
        #expect(lines.contains { $0.hasPrefix("area: mech-interp") && $0.contains("not evaluated") })
        #expect(
            lines.contains(
                "area: AI control, cells left out: 1 without a counted outcome, 2 whose scores can lie outside 0 to 1"
            )
        )
        let surprise = try #require(lines.first { $0.contains("+14.0") })
        for part in ["facts: north-large − south-agent-high-effort", "+16.3 pp", "−2.0 pp"] {
            #expect(surprise.contains(part), "\(part) in \(surprise)")
        }
        #expect(text.contains("2 more lie at least 2 spreads away"), "12 do, and 10 are shown")
        #expect(!text.contains("+1.9"))
        findings.suites.removeLast(2)
        findings.cells.removeAll { $0.suite != "facts" }
        #expect(!findingsTable(findings, styled: false, width: nil).contains("AI control"), "one suite")
    }

    @Test("The findings' table states what must be known, each suite and the verdicts")
    func findings() throws {
        let text = findingsTable(try MadeUpRound.findings(), styled: false, width: nil)
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.contains("SIMULATED MODELS: these figures say nothing about any real model"))
        #expect(lines.contains("INCOMPLETE: 24 of 1,624 planned outcomes are missing; these figures may change"))
        let cell = try #require(lines.first { $0.hasPrefix("north-small") })
        for part in ["63.2 %", "57.2–69.2 %", "160 (80)", "1,581,245", "12.35 USD", "850 ms"] {
            #expect(cell.contains(part), "\(part) in \(cell)")
        }
        #expect(text.contains("no counted outcomes"))
        #expect(lines.contains { $0.contains("right / wrong / refused") })
        // 101 right, 59 wrong and 22 refused of 200.
        #expect(cell.contains("50.5 / 29.5 / 11.0 %"), "\(cell)")
        let higher = try #require(lines.first { $0.hasSuffix("higher") })
        for part in [
            "facts: north-large − south-agent-high-effort", "+16.3 pp", "< 0.001", "0.012", "0.021", "11.2 pp",
        ] {
            #expect(higher.contains(part), "\(part) in \(higher)")
        }
        #expect(!text.contains("\u{1B}"))
    }

    @Test("What was ruled out is not missing, and is stated, on the terminal and in the report")
    func ruledOut() throws {
        var findings = try MadeUpRound.findings()
        findings.cells[2].ruledOut = 20
        let some = findingsTable(findings, styled: false, width: nil)
        #expect(some.contains("\nINCOMPLETE: 4 of 1,624 planned outcomes are missing; these figures may change\n"))
        #expect(some.contains("\nRULED OUT: 20 of 1,624 planned outcomes, which these figures leave out\n"))
        findings.cells[2].ruledOut = 24
        findings.complete = true
        let report = HTMLReport(findings: findings, transcripts: []).render()
        for text in [findingsTable(findings, styled: false, width: nil), report] {
            #expect(!text.contains("INCOMPLETE") && text.contains("24 of 1,624 planned outcomes, which"))
            #expect(text.contains("24 ruled out"), "of the configuration")
        }
    }

    @Test("Hostile titles send nothing to the terminal", arguments: HTMLReportTests.hostile + ["a\nb"])
    func hostile(_ text: String) throws {
        let table = findingsTable(try MadeUpRound.findings(title: text), styled: false, width: 100)
        #expect(table.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0.value != 0x7F })
        #expect(!table.unicodeScalars.contains("\u{202E}"))
        #expect(!table.contains("a\nb"))
    }
}
