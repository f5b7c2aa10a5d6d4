// The report of a round: one file that needs nothing else. It loads nothing and runs nothing (its content security
// policy forbids both), reads in light and dark, on paper and on a phone, and is well-formed XML as well as HTML.
// The sections stand in files of their own, in the order of the page: header, summary, suites, comparisons, judges,
// across suites, configurations, how to read, transcripts.

public import ParleyModel

/// The findings of a round as one HTML file.
public struct HTMLReport: Sendable {
    let findings: FindingsDocument
    let corrected: CorrectedEstimates
    let groups: [TranscriptGroup]
    private let anchors: [Cell: String]

    /// - Parameters:
    ///   - findings: what the reduction found.
    ///   - transcripts: the outcomes that readers can look at; all of them are written into the file.
    public init(findings: FindingsDocument, transcripts: [ReportTranscript]) {
        self.findings = findings
        corrected = CorrectedEstimates(findings)
        groups = TranscriptGroup.groups(transcripts, in: findings)
        anchors = Dictionary(groups.map { ($0.cell, $0.anchor) }, uniquingKeysWith: { first, _ in first })
    }

    /// The file's text, in UTF-8 as its head declares.
    public func render() -> String {
        let body = Markup.element(
            "body",
            [
                header, .element("main", sections + [transcripts]),
                .element("footer", [.element("p", "Written by parley from a document of form \(findings.format).")]),
            ]
        )
        return Self.page(title: "\(findings.title): findings of round \(findings.round.text)", body: body)
    }

    /// All sections but the transcripts.
    var sections: [Markup] {
        [summary] + findings.suiteNames.map(suite) + [comparisons] + judges + acrossSuites + [settings, guide]
    }

    /// A whole page: it loads nothing and runs nothing.
    static func page(title: String, body: Markup) -> String {
        let root = Markup.element(
            "html",
            ["xmlns": "http://www.w3.org/1999/xhtml", "lang": "en"],
            [head(title: title), body]
        )
        return "<!DOCTYPE html>\n" + root.source + "\n"
    }

    private static func head(title: String) -> Markup {
        .element(
            "head",
            [
                .element("meta", ["charset": "utf-8"], []),
                .element(
                    "meta",
                    [
                        "http-equiv": "Content-Security-Policy",
                        "content": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
                    ],
                    []
                ),
                .element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"], []),
                .element("meta", ["name": "referrer", "content": "no-referrer"], []),
                .element("title", title),
                .element("style", [StyleSheet.markup]),
            ]
        )
    }

    /// A count of a cell's outcomes: a link where there are any to look at.
    func linked(count: Int, _ cell: CellRecord) -> Markup {
        let text = NumberText.grouped(count)
        return count == 0 ? .text(text) : linked(text, cell.suite, cell.configuration)
    }

    /// A number of a cell, as a link to the transcripts behind it where the report holds some.
    func linked(_ text: String, _ suite: SuiteName, _ configuration: ConfigurationName) -> Markup {
        guard let anchor = anchors[Cell(suite: suite, configuration: configuration)] else { return .text(text) }
        return .element("a", ["href": "#\(anchor)"], text)
    }
}
