// Workers, limits with their courses, and the calendar.

public import ParleyModel

/// A window of the calendar, in words.
public struct DashboardWindow: Sendable {
    public var series: String
    public var kind: String
    public var opensAt: String
    public var closesAt: String
    public var status: String
    public var round: String?
    public var overdue: String?

    public init(
        series: String,
        kind: String,
        opensAt: String,
        closesAt: String,
        status: String,
        round: String?,
        overdue: String?
    ) {
        self.series = series
        self.kind = kind
        self.opensAt = opensAt
        self.closesAt = closesAt
        self.status = status
        self.round = round
        self.overdue = overdue
    }
}

extension DashboardFrame {
    /// The workers that have not ended.
    public func workers(_ workers: [OperationsDocument.Worker]) -> String {
        var table = MarkupTable(
            caption:
                "Workers that have not ended; processors, lag and time are of the last lease, about a minute. In flight are "
                + "all jobs that a worker holds, also those whose results are being recorded: for a moment that may be more "
                + "than it works on at a time. Loop lag is how long a task that is ready waits for a processor: where it is "
                + "long, the worker is starved, and what it measures of providers is too long by that. A silent worker gave "
                + "no sign of life within its lease: what it holds is taken back.",
            columns: [
                ("Worker", .text), ("Bound by", .text), ("In flight, jobs", .number), ("Processors used", .number),
                ("Loop lag", .number), ("Time of attempts", .text),
            ]
        )
        table.rows = workers.map { worker in
            let vitals = worker.vitals
            return [
                .group([
                    .text("\(worker.worker) \(worker.name)"),
                    .element("span", ["class": "detail"], "\(worker.host), version \(worker.version)"),
                ]),
                bound(worker),
                .text(
                    NumberText.grouped(worker.inFlight)
                        + (vitals.map { " of \(NumberText.grouped($0.mostInFlight))" } ?? "")
                ),
                .text(
                    vitals.map { "\(NumberText.fixed($0.processorsUsed, decimals: 2)) of \($0.processors)" }
                        ?? NumberText.none
                ),
                .text(vitals.map { NumberText.latency(milliseconds: $0.loopLagSeconds * 1000) } ?? NumberText.none),
                vitals.map { TimeBar(vitals: $0).markup } ?? .text("It has not told yet."),
            ]
        }
        let parts: [Markup] =
            workers.isEmpty ? [.element("p", "No worker works.")] : [table.markup, TimeBar.legend]
        return page("Workers", at: .workers, [live("workers", "At work", parts)])
    }

    /// The state of a worker where it is not at work, else what most of its time goes into.
    private func bound(_ worker: OperationsDocument.Worker) -> Markup {
        if worker.state != "active" { return .element("span", ["class": "status"], worker.state) }
        let text = worker.bound?.text ?? "no attempt ended"
        return worker.bound == .processors ? .element("span", ["class": "status"], text) : .text(text)
    }

    /// The limits of accounts, with their courses.
    public func limits(_ limits: LimitsDocument, courses: [LimitCourse]) -> String {
        let sections = limits.limits.enumerated().map { index, entry in
            live("limit-\(index)", "\(entry.account)/\(entry.model)", limit(entry, courses))
        }
        let empty = [Markup.element("p", "No running round uses an account.")]
        return page("Limits", at: .limits, sections.isEmpty ? empty : sections)
    }

    private func limit(_ entry: LimitsDocument.Entry, _ courses: [LimitCourse]) -> [Markup] {
        var table = MarkupTable(
            caption: "Each limit, who set it, and whether it binds now",
            columns: [("Limit", .text), ("Set by", .text), ("Binds", .text)]
        )
        table.rows = entry.values.map { value in
            [
                .text(value.text), .text(value.setBy),
                value.binds ? .element("span", ["class": "status"], "binds") : .text("no"),
            ]
        }
        let own = courses.filter { $0.account == entry.account && $0.model == entry.model && $0.looks.count > 1 }
        let none = "Its course is drawn from the second look of the coordinator on, 10 s apart."
        return [accounts([entry], caption: "Now, and counts of the last minute"), table.markup]
            + (own.isEmpty
                ? [.element("p", ["class": "detail"], none)] : [.element("div", ["class": "charts"], own.map(course))])
    }

    private func course(_ course: LimitCourse) -> Markup {
        let time = course.step < 60 ? "in the last two hours" : "in the last two weeks"
        return .element(
            "figure",
            [
                .element("figcaption", "Limit (line) and in flight (filled) \(time), jobs"),
                LimitPlot(title: "\(course.account)/\(course.model): limit and in flight \(time)", course: course)
                    .markup,
            ]
        )
    }

    /// Accounts, one a line.
    func accounts(
        _ entries: [LimitsDocument.Entry],
        caption: String = "Accounts of running rounds; counts are of the last minute"
    ) -> Markup {
        var table = MarkupTable(
            caption: caption,
            columns: [
                ("Account and model", .text), ("Jobs in flight", .number), ("Limit", .number), ("Ended", .number),
                ("Failed", .number), ("429s", .number), ("Tokens", .number), ("Binds", .text),
            ]
        )
        table.rows = entries.map { entry in
            [
                .text("\(entry.account)/\(entry.model)"), .text(NumberText.grouped(entry.inFlight)),
                .text(NumberText.grouped(entry.allowed)), .text(NumberText.grouped(entry.ended)),
                .text(NumberText.grouped(entry.failed)), .text(NumberText.grouped(entry.turnedAway)),
                .text(NumberText.grouped(entry.tokens)), .text(entry.binding?.text ?? "nothing"),
            ]
        }
        return table.rows.isEmpty ? .element("p", "No running round uses an account.") : table.markup
    }

    /// The calendar.
    public func calendar(_ windows: [DashboardWindow]) -> String {
        var table = MarkupTable(
            caption: "Windows of the series, by the database's clock",
            columns: [
                ("Series", .text), ("Window", .text), ("Status", .text), ("Opens, UTC", .number),
                ("Closes, UTC", .number), ("Round", .text),
            ]
        )
        table.rows = windows.map { window in
            let status =
                window.status == "open" ? Markup.element("strong", window.status) : .text(window.status)
            let overdue = window.overdue.map {
                [.text(" "), Markup.element("span", ["class": "status"], "overdue: \($0)")]
            }
            return [
                .text(window.series), .text(window.kind), .group([status] + (overdue ?? [])),
                Self.time(window.opensAt, toTheMinute: true), Self.time(window.closesAt, toTheMinute: true),
                window.round.map { Self.link($0, Self.path(RoundName($0))) } ?? .text("none"),
            ]
        }
        let none = Markup.element("p", "No series is in the calendar; parley calendar add FILE adds one.")
        return page("Calendar", at: .calendar, [live("windows", "Windows", [windows.isEmpty ? none : table.markup])])
    }
}
