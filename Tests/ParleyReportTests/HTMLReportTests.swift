// The report as a reader and as an attacker sees it.

import Foundation
import ParleyModel
import Testing

@testable import ParleyReport

@Suite("HTML report") struct HTMLReportTests {
    static let hostile = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "]]><b>", "</pre></details><h1>", "' onload='x",
        "&lt;script&gt;", "<!-- ", "\u{1B}[31m\u{1B}]0;x\u{7}", "\u{202E}evil\u{2066}", "\u{0}\u{FFFE}",
        "</style><style>*{}", "javascript:alert(1)",
    ]

    @Test("Hostile text changes no element, attribute name or link of the document", arguments: hostile)
    func hostileText(_ text: String) throws {
        let plain = WellFormed(try Self.report("harmless"))
        let document = try Self.report(text)
        let attacked = WellFormed(document)
        #expect(attacked.failure == nil)
        #expect(attacked.elements.map(\.name) == plain.elements.map(\.name))
        #expect(
            attacked.elements.map { $0.attributes.keys.sorted() } == plain.elements.map { $0.attributes.keys.sorted() }
        )
        #expect(attacked.elements.map { $0.attributes["href"] } == plain.elements.map { $0.attributes["href"] })
        let unseen = document.unicodeScalars.filter { scalar in
            scalar.value < 0x20 && scalar != "\n" || ["\u{7F}", "\u{202E}", "\u{2066}", "\u{FFFE}"].contains(scalar)
        }
        #expect(unseen.isEmpty)
    }

    @Test("A reader sees hostile text word for word")
    func wordForWord() throws {
        let text = "</pre><script>alert('&amp;')</script>\n\"second\" line"
        let document = WellFormed(try Self.report(text))
        #expect(document.all("pre").filter { $0.text == text }.count == 3 + 7 * 2 * 5)
    }

    @Test("The file loads and runs nothing")
    func selfContained() throws {
        let document = WellFormed(try Self.report("harmless"))
        let policy = document.all("meta").first { $0.attributes["http-equiv"] == "Content-Security-Policy" }
        #expect(policy?.attributes["content"]?.hasPrefix("default-src 'none'; style-src 'unsafe-inline'") == true)
        #expect(
            Set(document.elements.map(\.name)).isDisjoint(with: ["script", "link", "img", "iframe", "object", "form"])
        )
        #expect(document.elements.allSatisfy { $0.attributes["src"] == nil })
        #expect(document.elements.compactMap { $0.attributes["href"] }.allSatisfy { $0.hasPrefix("#") })
        #expect(!document.all("style").contains { $0.text.contains("url(") || $0.text.contains("@import") })
    }

    @Test("Every link leads to an id and no id is given twice")
    func links() throws {
        let document = WellFormed(try Self.report("harmless"))
        let ids = document.elements.compactMap { $0.attributes["id"] }
        let targets = Set(document.elements.compactMap { $0.attributes["href"]?.dropFirst() }.map(String.init))
        #expect(Set(ids).count == ids.count)
        #expect(targets.isSubset(of: ids))
        #expect(targets.contains("t-facts-north-large"))
        #expect(!targets.contains("t-turns-south-agent-high-effort"), "a cell without transcripts has no link")
    }

    @Test("A configuration that only judges or audits is no column of the summary")
    func columns() throws {
        var findings = try MadeUpRound.findings()
        findings.cells.removeAll { $0.configuration == "north-small" }
        let report = HTMLReport(findings: findings, transcripts: [])
        let headings = WellFormed(report.render()).all("th").prefix(3).map(\.text)
        #expect(headings == ["Suite", "north-large", "south-agent-high-effort"])
    }

    @Test("Two cells whose names run together have two anchors")
    func anchors() throws {
        var findings = try MadeUpRound.findings()
        findings.cells = [
            MadeUpRound.cell("a-b", "c", kinds: [.scored: 2], estimate: 1),
            MadeUpRound.cell("a", "b-c", kinds: [.scored: 2], estimate: 0),
        ]
        var transcripts = Array(MadeUpRound.transcripts().prefix(2))
        transcripts[0].suite = "a-b"
        transcripts[0].configuration = "c"
        transcripts[1].suite = "a"
        transcripts[1].configuration = "b-c"
        #expect(TranscriptGroup.groups(transcripts, in: findings).map(\.anchor) == ["t-a-b-c", "t-a-b-c-2"])
    }

    @Test("Tables have captions and headings, drawings a title and a description")
    func accessible() throws {
        let document = WellFormed(try Self.report("harmless"))
        let tables = document.all("table").count
        #expect(tables == 1 + 3 * 3 + 1 + 3 + 2 + 1)
        #expect(document.all("caption").count == tables)
        #expect(document.all("th").allSatisfy { ["col", "row"].contains($0.attributes["scope"] ?? "") })
        let drawings = document.all("svg")
        #expect(drawings.count == 3 * 2)
        #expect(drawings.allSatisfy { $0.attributes["role"] == "img" })
        #expect(document.all("desc").count == drawings.count)
        #expect(document.all("h1").count == 1)
    }

    @Test("Simulated and incomplete rounds say so before any figure; others do not")
    func notices() throws {
        let notices = WellFormed(try Self.report("harmless")).all("p").filter { $0.attributes["class"] == "notice" }
        #expect(
            notices.map(\.text) == [
                "SIMULATED MODELS: these figures say nothing about any real model.",
                "INCOMPLETE: 24 of 1,624 planned outcomes are missing; these figures may change.",
            ]
        )
        var findings = try MadeUpRound.findings(isComplete: true)
        findings.simulated = false
        let plain = HTMLReport(findings: findings, transcripts: []).render()
        #expect(!plain.contains("SIMULATED"))
        #expect(!plain.contains("INCOMPLETE"))
    }

    @Test("A cell that counts nothing says so and shows no number")
    func nothingCounted() throws {
        var findings = try MadeUpRound.findings()
        findings.cells = [MadeUpRound.cell("facts", "north-large", kinds: [.failed: 3], estimate: nil)]
        findings.comparisons = []
        let document = WellFormed(HTMLReport(findings: findings, transcripts: []).render())
        #expect(document.failure == nil)
        #expect(document.all("td").contains { $0.text == "no counted outcomes" })
        #expect(document.all("circle").isEmpty)
    }

    @Test("A document without suites, cells and parties is still a report")
    func empty() throws {
        var findings = try MadeUpRound.findings()
        findings.suites = []
        findings.cells = []
        findings.comparisons = []
        findings.parties = []
        findings.configurations = []
        #expect(WellFormed(HTMLReport(findings: findings, transcripts: []).render()).failure == nil)
    }

    @Test("The preview is written where PARLEY_PREVIEW says", .enabled(if: previewPath != nil))
    func preview() throws {
        let path = try #require(Self.previewPath)
        let report = HTMLReport(findings: try MadeUpRound.findings(), transcripts: MadeUpRound.transcripts())
        try Data(report.render().utf8).write(to: URL(fileURLWithPath: path))
    }

    static let previewPath = ProcessInfo.processInfo.environment["PARLEY_PREVIEW"]

    static func report(_ text: String) throws -> String {
        HTMLReport(findings: try MadeUpRound.findings(title: text), transcripts: MadeUpRound.transcripts(text: text))
            .render()
    }
}
