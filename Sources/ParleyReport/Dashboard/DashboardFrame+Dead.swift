// Dead jobs by class, with the forms that rule on a class, and one job with its transcript. Messages and transcripts are
// hostile: text in a `pre` and nothing else.

public import ParleyModel

/// The dead jobs of one class of failure.
public struct DashboardDeadClass: Sendable {
    public var failureClass: String
    public var unruled: Int
    public var ruled: Int
    /// Some of them, with their cell and message.
    public var examples: [(job: Int64, cell: String, message: String)]

    public init(failureClass: String, unruled: Int, ruled: Int, examples: [(job: Int64, cell: String, message: String)])
    {
        self.failureClass = failureClass
        self.unruled = unruled
        self.ruled = ruled
        self.examples = examples
    }
}

/// What the page of a job shows.
public struct DashboardJob: Sendable {
    public var why: WhyDocument
    /// Failed attempts in words, the first one first.
    public var attempts: [String]
    public var transcript: ReportTranscript?
    /// Why there is no transcript.
    public var withheld: String?

    public init(why: WhyDocument, attempts: [String], transcript: ReportTranscript?, withheld: String?) {
        self.why = why
        self.attempts = attempts
        self.transcript = transcript
        self.withheld = withheld
    }
}

extension DashboardFrame {
    static func jobPath(_ job: Int64) -> String { "\(root)/jobs/\(job)" }

    /// The dead jobs of a round.
    public func dead(_ round: RoundName, _ classes: [DashboardDeadClass]) -> String {
        let sections = classes.enumerated().map { index, item in
            Markup.element(
                "section",
                ["aria-labelledby": "class-\(index)"],
                [
                    .element("h2", ["id": "class-\(index)"], item.failureClass),
                    .element(
                        "p",
                        "\(NumberText.grouped(item.unruled)) without a ruling, \(NumberText.grouped(item.ruled)) ruled. A ruling is for all that have none."
                    ), examples(item),
                ] + (canControl && item.unruled > 0 ? [ruling(round, item, "reason-\(index)")] : [])
            )
        }
        let none = [Markup.element("p", "No job of this round is dead.")]
        return page(
            "Dead jobs of \(round)",
            at: nil,
            trail: [("Overview", Self.root), (round.text, Self.path(round))],
            sections.isEmpty ? none : sections
        )
    }

    private func examples(_ item: DashboardDeadClass) -> Markup {
        var table = MarkupTable(
            caption: "Some of the jobs whose retries are spent by \(item.failureClass)",
            columns: [("Job", .text), ("Cell", .text), ("Last message", .text)]
        )
        table.rows = item.examples.map {
            [Self.link(String($0.job), Self.jobPath($0.job)), .text($0.cell), .text($0.message)]
        }
        return table.markup
    }

    private func ruling(_ round: RoundName, _ item: DashboardDeadClass, _ id: String) -> Markup {
        form(
            "/rounds/\(round)/rule",
            [
                hidden("class", item.failureClass), reason(id),
                button("Run them again", name: "ruling", value: "rerun"),
                button("Leave them out", name: "ruling", value: "exclude"),
                button("Count them as failed", name: "ruling", value: "accept"),
            ]
        )
    }

    /// A job with all that is known of it.
    public func job(_ view: DashboardJob) -> String {
        let why = view.why
        let place = [why.suite?.text, why.configuration?.text].compactMap(\.self).joined(separator: " × ")
        var parts: [Markup] = [
            .element("p", "\(place), sample \(why.sample ?? 0), epoch \(why.epoch ?? 1)"),
            live(
                "why",
                "What holds it",
                why.reasons.flatMap { reason in
                    [.element("p", reason.says)]
                        + (reason.remedy.map { [Markup.element("p", ["class": "detail"], $0)] } ?? [])
                }
            ),
        ]
        if !view.attempts.isEmpty {
            let items = view.attempts.map { Markup.element("li", [.element("pre", ["dir": "auto"], $0)]) }
            parts.append(.element("section", [.element("h2", "Failed attempts"), .element("ol", items)]))
        }
        let body =
            view.transcript.map(TranscriptText.conversation) ?? [.element("p", view.withheld ?? "There is none yet.")]
        parts.append(.element("section", [.element("h2", "Transcript")] + body))
        return page(
            "Job \(why.job ?? 0)",
            at: nil,
            trail: [("Overview", Self.root), (why.round.text, Self.path(why.round))],
            parts
        )
    }

    /// A round's findings as its report shows them, with the transcripts left to the pages of jobs.
    public func findings(_ findings: FindingsDocument) -> String {
        let report = HTMLReport(findings: findings, transcripts: [])
        return page(
            "Findings of \(findings.round)",
            at: nil,
            trail: [("Overview", Self.root), (findings.round.text, Self.path(findings.round))],
            report.notices + report.sections
        )
    }
}
