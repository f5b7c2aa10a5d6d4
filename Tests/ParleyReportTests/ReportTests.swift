// The report: hostile text stays text, the file is well-formed, positions are where the numbers say.

import Foundation
import FoundationXML
import ParleyModel
import Testing

@testable import ParleyReport

private let hostile = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "</pre></details>", "]]>", "&amp;&#x3C;",
    "\u{1B}[2J\u{1B}]0;x\u{7}", "\u{202E}desrever", "\0nul", "' onmouseover='x",
]

@Suite("Report") struct ReportTests {
    static func document(title: String = "T", estimate: Double? = 0.25, simulated: Bool = true) -> FindingsDocument {
        let suite = Suite(
            name: "s",
            title: title,
            party: "p",
            areas: [.aiControl],
            dataset: FrozenDataset(source: "-", count: 4, digest: ContentHash(of: [])),
            solver: Solver(),
            scorer: Scorer(kind: .exact)
        )
        let cell = CellRecord(
            suite: "s",
            configuration: "c",
            planned: 4,
            kinds: [.scored: 2, .refused: 1],
            neverRun: 1,
            counted: estimate == nil ? 0 : 2,
            clusters: 2,
            measure: estimate == nil ? nil : "rate",
            estimate: estimate,
            standardError: nil,
            interval: estimate == nil ? nil : Interval(lower: 0.05, upper: 0.75, level: 0.95, method: "Wilson"),
            usage: Usage(input: 1234, output: 1),
            cost: .zero,
            latency: nil,
            flags: [title]
        )
        return FindingsDocument(
            round: "r",
            title: title,
            tier: .bilateral,
            simulated: simulated,
            definitionHash: ContentHash(of: []),
            currency: "USD",
            complete: false,
            asOf: nil,
            parties: [Party(name: "p", title: title, role: .lab)],
            models: [
                ModelSummary(name: "m", party: "p", access: .published, modelID: title, modelsReturned: [title])
            ],
            suites: [SuiteSummary(suite)],
            configurations: [],
            cells: [cell],
            comparisons: []
        )
    }

    static func transcript(_ text: String) -> ReportTranscript {
        ReportTranscript(
            suite: "s",
            configuration: "c",
            job: 7,
            sampleID: text,
            epoch: 1,
            kind: .scored,
            score: .one,
            messages: [Message(.user, text), Message(.assistant, text, reasoning: text)],
            answer: text,
            explanation: text
        )
    }

    @Test("Hostile text never becomes markup, and the file stays well-formed", arguments: hostile)
    func hostileText(text: String) throws {
        let html = HTMLReport(findings: Self.document(title: text), transcripts: [Self.transcript(text)]).render()
        #expect(!html.contains("<script") && !html.contains("<img"))
        #expect(!html.unicodeScalars.contains { $0 != "\n" && Escape.isHarmful($0) })
        let parser = XMLParser(data: Data(html.replacing("<!DOCTYPE html>", with: "").utf8))
        #expect(parser.parse(), "\(String(describing: parser.parserError)) at line \(parser.lineNumber)")
    }

    @Test("A terminal gets no controls", arguments: hostile)
    func terminal(text: String) {
        let table = findingsTable(Self.document(title: text), styled: false, width: nil)
        #expect(!table.unicodeScalars.contains { $0 != "\n" && Escape.isHarmful($0) })
    }

    @Test("What is simulated or incomplete says so, everywhere")
    func banners() {
        let html = HTMLReport(findings: Self.document(), transcripts: []).render()
        let table = findingsTable(Self.document(), styled: false, width: nil)
        #expect(html.contains("Simulated models") && table.contains("SIMULATED MODELS"))
        #expect(html.contains("Incomplete") && table.contains("INCOMPLETE"))
        #expect(!findingsTable(Self.document(simulated: false), styled: false, width: nil).contains("SIMULATED"))
    }

    @Test("Without counted outcomes there is no number")
    func nothingCounted() {
        let html = HTMLReport(findings: Self.document(estimate: nil), transcripts: []).render()
        #expect(html.contains("none counted"))
        #expect(!html.contains("class=\"dot\""))
    }

    @Test("An interval is drawn where its ends say")
    func geometry() {
        let findings = Self.document()
        let svg = IntervalPlot(suite: findings.suites[0], cells: findings.cells).svg
        // The axis runs from 170 to 696: 170 + 526 × score.
        #expect(svg.contains("x1=\"196.30\" x2=\"564.50\"") && svg.contains("cx=\"301.50\""))
    }

    @Test("Numbers are written alike everywhere")
    func numbers() {
        #expect(NumberText.percent(0.1234) == "12.3 %")
        #expect(NumberText.fixed(-0.0449, decimals: 2) == "-0.04")
        #expect(NumberText.fixed(2, decimals: 0) == "2")
        #expect(NumberText.fixed(0.005, decimals: 2) == "0.01")
        #expect(NumberText.count(1_234_567) == "1,234,567" && NumberText.count(-12) == "-12")
        #expect(NumberText.pValue(0.0004) == "< 0.001" && NumberText.pValue(0.046) == "0.046")
    }
}
