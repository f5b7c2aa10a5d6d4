// Workers, limits with their last hours, and the calendar.

public import ParleyModel

/// How a limit was at some instants, the oldest first.
public struct DashboardLimitHistory: Sendable {
    /// One look.
    public struct Look: Sendable {
        /// Since the oldest look that is kept.
        public var second: Double
        public var inFlight: Int
        public var allowed: Int

        public init(second: Double, inFlight: Int, allowed: Int) {
            self.second = second
            self.inFlight = inFlight
            self.allowed = allowed
        }
    }

    public var account: String
    public var model: ModelName
    public var looks: [Look]

    public init(account: String, model: ModelName, looks: [Look]) {
        self.account = account
        self.model = model
        self.looks = looks
    }
}

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
                "Workers that have not ended. A silent one gave no sign of life within its lease: what it holds is "
                + "taken back.",
            columns: [
                ("Worker", .text), ("State", .text), ("In flight", .number), ("Host", .text), ("Version", .text),
            ]
        )
        table.rows = workers.map { worker in
            [
                .text("\(worker.worker) \(worker.name)"),
                worker.state == "active" ? .text(worker.state) : .element("span", ["class": "status"], worker.state),
                .text(NumberText.grouped(worker.inFlight)), .text(worker.host), .text(worker.version),
            ]
        }
        return page(
            "Workers",
            at: .workers,
            [live("workers", "At work", workers.isEmpty ? [.element("p", "No worker works.")] : [table.markup])]
        )
    }

    /// The limits of accounts, with what they were lately.
    public func limits(_ limits: LimitsDocument, history: [DashboardLimitHistory]) -> String {
        let sections = limits.limits.enumerated().map { index, entry in
            live("limit-\(index)", "\(entry.account)/\(entry.model)", limit(entry, history))
        }
        let empty = [Markup.element("p", "No running round uses an account.")]
        return page("Limits", at: .limits, sections.isEmpty ? empty : sections)
    }

    private func limit(_ entry: LimitsDocument.Entry, _ history: [DashboardLimitHistory]) -> [Markup] {
        var table = MarkupTable(
            caption: "\(entry.account)/\(entry.model): each limit, who set it, and whether it binds now",
            columns: [("Limit", .text), ("Set by", .text), ("Binds", .text)]
        )
        table.rows = entry.values.map { value in
            [
                .text(value.text), .text(value.setBy),
                value.binds ? .element("span", ["class": "status"], "binds") : .text("no"),
            ]
        }
        let looks = history.first { $0.account == entry.account && $0.model == entry.model }?.looks ?? []
        return [accounts([entry]), table.markup]
            + (looks.count > 1
                ? [LimitPlot(title: "\(entry.account)/\(entry.model): in flight and limit", looks: looks).markup]
                : [.element("p", ["class": "detail"], "Its course is drawn from the second look on, 10 s apart.")])
    }

    /// Accounts, one a line.
    func accounts(_ entries: [LimitsDocument.Entry]) -> Markup {
        var table = MarkupTable(
            caption: "Accounts of running rounds; counts are of the last minute",
            columns: [
                ("Account and model", .text), ("In flight", .number), ("Limit", .number), ("Ended", .number),
                ("Failed", .number), ("429", .number), ("Tokens", .number), ("Binds", .text),
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
            caption: "Windows of the series, by the database's clock (UTC)",
            columns: [
                ("Series", .text), ("Window", .text), ("Opens", .number), ("Closes", .number), ("Status", .text),
                ("Round", .text),
            ]
        )
        table.rows = windows.map { window in
            let overdue = window.overdue.map { [Markup.element("span", ["class": "status"], "overdue: \($0)")] } ?? []
            return [
                .text(window.series), .text(window.kind), Self.time(window.opensAt), Self.time(window.closesAt),
                .group([.text(window.status + " ")] + overdue),
                window.round.map { Self.link($0, Self.path(RoundName($0))) } ?? .text("none"),
            ]
        }
        let none = Markup.element("p", "No series is in the calendar; parley calendar add FILE adds one.")
        return page("Calendar", at: .calendar, [live("windows", "Windows", [windows.isEmpty ? none : table.markup])])
    }
}
