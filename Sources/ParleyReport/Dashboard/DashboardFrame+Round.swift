// One round: what holds its jobs, the matrix of suites and configurations with live estimates, outcome kinds, budgets,
// and the form that pauses and resumes it.

public import ParleyModel

/// What the page of a round shows.
public struct DashboardRound: Sendable {
    /// A budget and what was used of it.
    public struct Budget: Sendable {
        public var scope: String
        /// The caps; nil where there is none.
        public var tokens: Int64?
        public var money: Money?
        public var usedTokens: Int64
        public var usedMoney: Money
        /// Attempts of which nothing is known, counted with all that was reserved for them.
        public var unknown: Int
        public var isExhausted: Bool

        public init(
            scope: String,
            tokens: Int64?,
            money: Money?,
            usedTokens: Int64,
            usedMoney: Money,
            unknown: Int,
            isExhausted: Bool
        ) {
            self.scope = scope
            self.tokens = tokens
            self.money = money
            self.usedTokens = usedTokens
            self.usedMoney = usedMoney
            self.unknown = unknown
            self.isExhausted = isExhausted
        }
    }

    public var round: OperationsDocument.Round
    public var reasons: [WhyDocument.Reason]
    public var estimates: [LiveEstimate]
    public var budgets: [Budget]
    /// The newest entries of the ledger, newest first.
    public var events: [TailRecord]
    public var pausedParts: Int

    public init(
        round: OperationsDocument.Round,
        reasons: [WhyDocument.Reason],
        estimates: [LiveEstimate],
        budgets: [Budget],
        events: [TailRecord],
        pausedParts: Int
    ) {
        self.round = round
        self.reasons = reasons
        self.estimates = estimates
        self.budgets = budgets
        self.events = events
        self.pausedParts = pausedParts
    }
}

extension DashboardFrame {
    /// The page of a round.
    public func round(_ view: DashboardRound) -> String {
        let round = view.round
        let path = Self.path(round.round)
        var parts: [Markup] = [
            .element(
                "p",
                ["class": "links"],
                [
                    Self.link("Findings and plots", path + "/findings"), .text(" · "),
                    Self.link("Dead jobs", path + "/dead"),
                ]
            ),
            live(
                "progress",
                "Progress",
                [progress(round), .element("dl", ["class": "tiles"], facts(round).map(Self.tile))]
            ),
            live("why", "What holds its jobs", [reasons(view.reasons)]),
            live("matrix", "Suites and configurations so far", [matrix(view)]),
            live("kinds", "Outcomes", [kinds(round)]),
        ]
        if !view.budgets.isEmpty { parts.append(live("budgets", "Budgets", [budgets(view.budgets, round.currency)])) }
        parts.append(live("events", "Latest entries of the ledger", [events(view.events)]))
        if canControl { parts.append(control(view)) }
        return page(round.title, at: nil, trail: [("Overview", Self.root)], parts)
    }

    private func reasons(_ reasons: [WhyDocument.Reason]) -> Markup {
        .element(
            "ul",
            ["class": "reasons"],
            reasons.map { reason in
                let jobs = reason.jobs > 0 ? "\(NumberText.grouped(reason.jobs)) jobs: " : ""
                let remedy = reason.remedy.map { [Markup.element("span", ["class": "detail"], $0)] } ?? []
                return .element("li", [.element("strong", jobs), .text(reason.says + " ")] + remedy)
            }
        )
    }

    /// Configurations as rows, suites as columns.
    private func matrix(_ view: DashboardRound) -> Markup {
        if view.estimates.isEmpty { return .element("p", "No cell has an outcome yet.") }
        let suites = view.estimates.map(\.suite).uniqued()
        var table = MarkupTable(
            caption:
                "Estimate, 95 % interval, and outcomes of those planned. Interim figures: they change until the round "
                + "is complete, and nothing should be concluded from them.",
            columns: [("Configuration", .text)] + suites.map { ($0.text, .text) }
        )
        for configuration in view.estimates.map(\.configuration).uniqued() {
            table.rows.append(
                [.text(configuration.text)]
                    + suites.map { suite in
                        view.estimates.first { $0.suite == suite && $0.configuration == configuration }
                            .map { cell($0, view.round.round) }
                            ?? .text("not planned")
                    }
            )
        }
        return table.markup
    }

    private func cell(_ cell: LiveEstimate, _ round: RoundName) -> Markup {
        let measure: Measure = cell.measure == "rate" ? .rate : .mean
        let refused = cell.refused > 0 ? ", \(NumberText.grouped(cell.refused)) refused" : ""
        return .group([
            .element("strong", cell.estimate.map(measure.estimate) ?? NumberText.none),
            .text(" " + (cell.interval.map(measure.interval) ?? "")),
            .element(
                "span",
                ["class": "detail"],
                [
                    Self.link(
                        "\(NumberText.grouped(cell.finished)) of \(NumberText.grouped(cell.planned))",
                        Self.path(round, Cell(suite: cell.suite, configuration: cell.configuration))
                    ), .text(refused),
                ]
            ),
        ])
    }

    private func kinds(_ round: OperationsDocument.Round) -> Markup {
        var table = MarkupTable(
            caption: "Finished probes by kind; \(NumberText.grouped(round.graded)) judgements were made beside them",
            columns: [("Kind", .text), ("Outcomes", .number), ("Share", .number)]
        )
        for kind in OutcomeKind.allCases {
            let count = round.kinds[kind, default: 0]
            if count == 0 { continue }
            table.rows.append([
                .group([.element("span", ["class": "swatch k-\(kind.name)"], ""), .text(kind.name)]),
                .text(NumberText.grouped(count)),
                .text(NumberText.percent(Double(count) / Double(max(round.done, 1)))),
            ])
        }
        return table.rows.isEmpty ? .element("p", "No probe is finished yet.") : table.markup
    }

    private func budgets(_ budgets: [DashboardRound.Budget], _ currency: String) -> Markup {
        var table = MarkupTable(
            caption:
                "Used of each cap. An attempt of which nothing is known is counted with all that was reserved for it.",
            columns: [("Budget", .text), ("Tokens", .text), ("Money", .text), ("Unknown attempts", .number)]
        )
        table.rows = budgets.map { budget in
            let money = { (amount: Money) in NumberText.money(amount, currency: currency) }
            return [
                .group(
                    [.text(budget.scope + " ")]
                        + (budget.isExhausted ? [.element("span", ["class": "status"], "used up")] : [])
                ),
                Self.used(
                    Double(budget.usedTokens),
                    of: budget.tokens.map(Double.init),
                    NumberText.grouped(budget.usedTokens),
                    budget.tokens.map(NumberText.grouped)
                ),
                Self.used(
                    budget.usedMoney.value,
                    of: budget.money?.value,
                    money(budget.usedMoney),
                    budget.money.map(money)
                ),
                .text(NumberText.grouped(budget.unknown)),
            ]
        }
        return table.markup
    }

    private func events(_ events: [TailRecord]) -> Markup {
        var table = MarkupTable(
            caption: "What was done, by whom and why; newest first",
            columns: [("What", .text), ("When, UTC", .number), ("By", .text), ("Why", .text)]
        )
        table.rows = events.map { event in
            [
                .text("\(event.action ?? "") \(Self.shortened(event.subject ?? ""))"), Self.time(event.at),
                .text(event.who ?? ""),
                .text(event.why ?? ""),
            ]
        }
        return table.rows.isEmpty ? .element("p", "Nothing was done yet.") : table.markup
    }

    /// A hash that is all of a subject, by its beginning.
    private static func shortened(_ subject: String) -> String {
        subject.hasPrefix("sha256:") && subject.utf8.count == 71 ? subject.prefix(19) + "…" : subject
    }

    private func control(_ view: DashboardRound) -> Markup {
        let isPaused = view.pausedParts > 0
        let note =
            isPaused
            ? "\(view.pausedParts) parts are paused. Resuming also closes the breakers of their accounts."
            : "What is in flight finishes; nothing more is claimed."
        return .element(
            "section",
            ["aria-labelledby": "control-title"],
            [
                .element("h2", ["id": "control-title"], "Control"), .element("p", note),
                form(
                    "/rounds/\(view.round.round)/control",
                    [
                        reason("because"), button("Pause the round", name: "action", value: "pause"),
                        button("Resume the round", name: "action", value: "resume"),
                    ]
                ),
            ]
        )
    }
}

extension Sequence where Element: Hashable {
    /// Each element once, in the order in which it first comes.
    func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
