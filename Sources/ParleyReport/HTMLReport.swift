// The report of a round: one HTML file without scripts and without the network, readable on paper and on a phone.
// It is written as XML, so that a test can parse it; all text passes through Escape.

public import ParleyModel

/// A transcript that a report shows behind a number.
public struct ReportTranscript: Hashable, Sendable {
    let suite: SuiteName
    let configuration: ConfigurationName
    let job: Int64
    let sampleID: String
    let epoch: Int
    let kind: OutcomeKind
    let score: Score?
    let messages: [Message]
    let answer: String
    let explanation: String?

    public init(
        suite: SuiteName,
        configuration: ConfigurationName,
        job: Int64,
        sampleID: String,
        epoch: Int,
        kind: OutcomeKind,
        score: Score?,
        messages: [Message],
        answer: String,
        explanation: String?
    ) {
        self.suite = suite
        self.configuration = configuration
        self.job = job
        self.sampleID = sampleID
        self.epoch = epoch
        self.kind = kind
        self.score = score
        self.messages = messages
        self.answer = answer
        self.explanation = explanation
    }
}

/// The report of a round as one HTML file.
public struct HTMLReport {
    let findings: FindingsDocument
    let transcripts: [ReportTranscript]

    public init(findings: FindingsDocument, transcripts: [ReportTranscript]) {
        self.findings = findings
        self.transcripts = transcripts
    }

    /// The whole file.
    public func render() -> String {
        let title = Escape.html(findings.title)
        let body = [
            header, contents, findings.suites.map(suiteSection).joined(separator: "\n"), comparisonSection,
            settingsSection, readingSection, transcriptSection,
        ].joined(separator: "\n")
        return """
            <!DOCTYPE html>
            <html xmlns="http://www.w3.org/1999/xhtml" lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <title>\(title)</title>
            <style>\(ReportStyle.text)</style>
            </head>
            <body>
            <main>
            \(body)
            </main>
            </body>
            </html>
            """
    }

    private var header: String {
        let banner =
            (findings.simulated
                ? ["<p class=\"banner\">Simulated models: these figures say nothing about any real model.</p>"] : [])
            + (findings.complete
                ? [] : ["<p class=\"banner\">Incomplete: some planned jobs have no outcome; see “never run”.</p>"])
        let parties = findings.parties.map { "\(Escape.html($0.title)) (\($0.role.rawValue))" }.joined(separator: ", ")
        return """
            <h1>\(Escape.html(findings.title))</h1>
            \(banner.joined(separator: "\n"))
            <p class="facts">Round <b>\(Escape.html(findings.round.text))</b>, \(findings.tier.rawValue).
            Parties: \(parties). As of \(Escape.html(findings.asOf ?? "no outcome yet")).<br/>
            Definition <code>\(findings.definitionHash)</code></p>
            """
    }

    private var contents: String {
        let links = findings.suites.map { "<a href=\"#s-\(anchor($0.name.text))\">\(Escape.html($0.title))</a>" }
        return "<nav aria-label=\"Suites\"><p>\(links.joined(separator: " · "))</p></nav>"
    }

    /// Names hold nothing that an anchor cannot; a name that was not validated is made harmless.
    func anchor(_ name: String) -> String { Escape.html(name.replacing(" ", with: "-")) }

    func transcriptAnchor(_ suite: SuiteName, _ configuration: ConfigurationName) -> String {
        "t-\(anchor(suite.text))-\(anchor(configuration.text))"
    }

    func transcripts(_ suite: SuiteName, _ configuration: ConfigurationName) -> [ReportTranscript] {
        transcripts.filter { $0.suite == suite && $0.configuration == configuration }
    }
}
