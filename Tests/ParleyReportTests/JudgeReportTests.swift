// What is said of judges, on a terminal and in the report; and that a corrected estimate is what a reader sees first.

import ParleyModel
import ParleyReport
import Testing

@Suite("Judges") struct JudgeReportTests {
    private func lines(_ findings: FindingsDocument) -> [String] {
        findingsTable(findings, styled: false, width: nil).split(separator: "\n").map(String.init)
    }

    @Test("stand below the comparisons: agreement, errors and home bias")
    func terminal() throws {
        let lines = lines(try MadeUpRound.findings(title: "judge-south"))
        let comparisons = try #require(lines.firstIndex { $0.hasPrefix("comparisons: ") })
        let agreements = try #require(lines.firstIndex { $0.hasPrefix("agreement of judges") })
        let rollUps = try #require(lines.firstIndex { $0.hasPrefix("roll-ups: ") })
        #expect(comparisons < agreements && agreements < rollUps)
        func row(_ start: String, _ parts: [String]) throws {
            let line = try #require(lines[agreements...].first { $0.hasPrefix(start) }, "\(start)")
            for part in parts { #expect(line.contains(part), "\(part) in \(line)") }
        }
        try row("jailbreak  ", ["judge-north, judge-south", "1,234", "90.5 %", "0.789", "0.700  "])
        try row("turns  ", ["judge-north, judge-other, judge-south", "0.512", "0.600", "0.800"])
        #expect(lines.contains("kappa is Cohen's, of more than two judges Fleiss's"))
        try row("jailbreak: north-large  ", ["50", "7 of 60", "6.0 %", "11.3 % (7.3–15.3 %)", "own vendor"])
        try row("jailbreak: south-agent-high-effort  ", ["0 of 0", "6.0 %", "not audited", "other vendor"])
        #expect(lines.contains { $0.contains("judge-north gave no verdict on 3 labelled transcripts") })
        #expect(
            lines.contains { $0.hasPrefix("Comparisons, and whatever sums up cells, are of the estimates as they") }
        )
        try row(
            "jailbreak: judge-north (north-lab) − judge-south (south-lab)",
            ["+5.0 pp", "−2.1 pp", "+7.1 pp", "+3.1 to +11.1 pp", "0.012", "97"]
        )
    }

    @Test("that labels corrected come first in their cell's row, before what they said")
    func correctedRow() throws {
        let lines = lines(try MadeUpRound.findings(title: "x"))
        let heading = try #require(lines.first { $0.hasPrefix("configuration  ") && $0.contains("corrected") })
        let titles = heading.split(separator: "  ").map { $0.drop { $0 == " " } }
        #expect(titles.prefix(3) == ["configuration", "corrected", "raw estimate"])
        let row = try #require(lines.first { $0.hasPrefix("north-large  ") && $0.contains("11.3 % (7.3–15.3 %)") })
        #expect(row.contains("6.0 %"))
        #expect(lines.filter { $0.hasPrefix("Read the corrected estimates: ") }.count == 1, "of one suite")
        #expect(lines.count { $0.hasPrefix("configuration  ") && !$0.contains("corrected") } == 2)
    }

    @Test("are named where several correct one cell")
    func several() throws {
        var findings = try MadeUpRound.findings(title: "x")
        findings.judges.errors.append(
            MadeUpRound.error("jailbreak", "north-large", judge: "judge-south", corrected: 0.09)
        )
        #expect(
            lines(findings).contains {
                $0.contains("judge-north 11.3 % (7.3–15.3 %) / judge-south 9.0 % (5.0–13.0 %)")
            }
        )
    }

    @Test("correct no estimate that counts other outcomes, reduces epochs, or of which the audit gives no interval")
    func otherPopulation() throws {
        var counted = try MadeUpRound.findings(title: "x")
        let index = try #require(
            counted.cells.firstIndex { $0.suite == "jailbreak" && $0.configuration == "north-large" }
        )
        counted.cells[index].kinds = [.scored: 180, .refused: 20]
        var reduced = try MadeUpRound.findings(title: "x")
        let suite = try #require(reduced.suites.firstIndex { $0.name == "jailbreak" })
        reduced.suites[suite].epochReducer = .max
        for findings in [counted, reduced] {
            let lines = lines(findings)
            #expect(!lines.contains { $0.hasPrefix("configuration  ") && $0.contains("corrected") })
            #expect(lines.contains { $0.hasPrefix("north-large: judges are corrected below") })
            #expect(lines.contains { $0.hasPrefix("jailbreak: north-large") && $0.contains("11.3 % (7.3–15.3 %)") })
        }
        var bare = try MadeUpRound.findings(title: "x")
        bare.judges.errors[0].corrected?.interval = nil
        #expect(!lines(bare).contains { $0.hasPrefix("Read the corrected") || $0.contains("judges are corrected") })
        #expect(lines(bare).contains { $0.contains("11.3 % (no interval)") })
    }

    @Test("that nothing is said of take no room")
    func nothing() throws {
        var findings = try MadeUpRound.findings(title: "x")
        findings.judges = JudgeRecords()
        let text = findingsTable(findings, styled: false, width: nil)
        #expect(!text.contains("judges") && !text.contains("home bias"))
        let document = WellFormed(HTMLReport(findings: findings, transcripts: []).render())
        #expect(!document.all("h2").contains { $0.text == "Judges" })
    }

    @Test("of outcome files are shown alike, and a reduction over epochs is not corrected")
    func reduction() throws {
        let findings = try MadeUpRound.findings(title: "x")
        var reduction = ReductionDocument(
            sources: [],
            cells: findings.cells,
            comparisons: findings.comparisons,
            judges: findings.judges
        )
        let text = reductionTable(reduction, styled: false, width: nil)
        #expect(text.contains("agreement of judges") && text.contains("Read the corrected estimates"))
        reduction.epochReducer = .median
        #expect(!reductionTable(reduction, styled: false, width: nil).contains("Read the corrected estimates"))
    }

    @Test("stand in the report as a section, and the summary shows the corrected estimate")
    func html() throws {
        let document = WellFormed(try HTMLReportTests.report("judge-south"))
        #expect(document.failure == nil)
        #expect(document.all("h2").contains { $0.text == "Judges" })
        let cells = document.all("td").map(\.text)
        for text in ["1,234", "7 of 60", "not audited", "own vendor", "+7.1 pp", "+3.1 to +11.1 pp", "0.012"] {
            #expect(cells.contains(text), "\(text)")
        }
        #expect(cells.contains { $0.hasPrefix("11.3 % (7.3–15.3 %)corrected for the judge's errors; raw 6.0 %") })
        #expect(document.all("p").contains { $0.text.hasPrefix("Read the corrected estimates") })
    }

    @Test("The CSV of judges has a field for each column, hostile names among them")
    func csv() {
        let judges = MadeUpRound.judges(text: "a,\"b\"\nc")
        let tables = [
            (agreementsCSV(judges.agreements), judges.agreements.count),
            (judgeErrorsCSV(judges.errors), judges.errors.count),
            (homeBiasCSV(judges.homeBiases), judges.homeBiases.count),
        ]
        for (text, count) in tables {
            let rows = Self.fields(text)
            #expect(rows.count == count + 1)
            #expect(Set(rows.map(\.count)).count == 1, "\(text)")
        }
        let errors = Self.fields(judgeErrorsCSV(judges.errors))
        let corrected = errors[0].firstIndex(of: "corrected")
        #expect(corrected.map { errors[1][$0] } == "0.113")
        #expect(corrected.map { errors[2][$0] } == "", "nothing was audited")
        #expect(Self.fields(homeBiasCSV(judges.homeBiases))[1].contains { $0.contains("a,\"b\"\nc") })
    }

    /// A reader of CSV that knows quotes and nothing else.
    private static func fields(_ text: String) -> [[String]] {
        var rows: [[String]] = [[""]]
        var isQuoted = false
        for character in text {
            switch character {
            case "\"":
                // A doubled quote closes and opens again, and is one quote.
                if !isQuoted, rows[rows.count - 1].last?.isEmpty == false { rows[rows.count - 1].appendToLast("\"") }
                isQuoted.toggle()
            case ",": isQuoted ? rows[rows.count - 1].appendToLast(",") : rows[rows.count - 1].append("")
            case "\n": isQuoted ? rows[rows.count - 1].appendToLast("\n") : rows.append([""])
            default: rows[rows.count - 1].appendToLast(character)
            }
        }
        return rows
    }
}

extension [String] {
    fileprivate mutating func appendToLast(_ character: Character) { self[count - 1].append(character) }
}
