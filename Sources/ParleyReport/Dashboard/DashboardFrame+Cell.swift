// The outcomes of one cell, a page at a time, each with the way to its transcript.

public import ParleyModel

/// A page of a cell's outcomes.
public struct DashboardCell: Sendable {
    /// The outcome of a probe.
    public struct Outcome: Sendable {
        public var job: Int64
        /// From 0 and from 1.
        public var sample: Int
        public var epoch: Int
        public var kind: OutcomeKind
        public var score: Score?

        public init(job: Int64, sample: Int, epoch: Int, kind: OutcomeKind, score: Score?) {
            self.job = job
            self.sample = sample
            self.epoch = epoch
            self.kind = kind
            self.score = score
        }
    }

    public var round: RoundName
    public var cell: Cell
    /// The kind that is shown; nil for all.
    public var kind: OutcomeKind?
    public var outcomes: [Outcome]
    /// Whether more come after these.
    public var hasMore: Bool

    public init(round: RoundName, cell: Cell, kind: OutcomeKind?, outcomes: [Outcome], hasMore: Bool) {
        self.round = round
        self.cell = cell
        self.kind = kind
        self.outcomes = outcomes
        self.hasMore = hasMore
    }
}

extension DashboardFrame {
    static func path(_ round: RoundName, _ cell: Cell) -> String {
        "\(path(round))/cells/\(cell.suite.text)/\(cell.configuration.text)"
    }

    /// A cell's outcomes.
    public func cell(_ view: DashboardCell) -> String {
        let path = Self.path(view.round, view.cell)
        let kinds: [OutcomeKind?] = [nil] + OutcomeKind.allCases.filter { $0 != .failed }
        let filters = kinds.map { kind in
            let title = kind?.name ?? "all"
            let target = path + (kind.map { "?kind=\($0.name)" } ?? "")
            return Markup.element(
                "li",
                [
                    kind == view.kind
                        ? .element("a", ["href": target, "aria-current": "true"], title) : Self.link(title, target)
                ]
            )
        }
        var parts: [Markup] = [
            .element("nav", ["aria-label": "Kinds of outcomes", "class": "filters"], [.element("ul", filters)]),
            view.outcomes.isEmpty ? .element("p", "There is none.") : table(view.outcomes),
        ]
        if view.hasMore, let last = view.outcomes.last {
            let kind = view.kind.map { "&kind=\($0.name)" } ?? ""
            parts.append(.element("p", [Self.link("More", "\(path)?after=\(last.job)\(kind)")]))
        }
        return page(
            "\(view.cell.suite) × \(view.cell.configuration)",
            at: nil,
            trail: [("Overview", Self.root), (view.round.text, Self.path(view.round))],
            parts
        )
    }

    private func table(_ outcomes: [DashboardCell.Outcome]) -> Markup {
        var table = MarkupTable(
            caption: "Outcomes of probes, in the order of the plan; a job's page shows its transcript",
            columns: [
                ("Job", .text), ("Outcome", .text), ("Score", .number), ("Sample", .number), ("Epoch", .number),
            ]
        )
        table.rows = outcomes.map { outcome in
            [
                Self.link(String(outcome.job), Self.jobPath(outcome.job)),
                .group([
                    .element("span", ["class": "swatch k-\(outcome.kind.name)"], ""), .text(outcome.kind.name),
                ]),
                .text(outcome.score.map { NumberText.fixed($0.value, decimals: 3) } ?? NumberText.none),
                .text(String(outcome.sample)), .text(String(outcome.epoch)),
            ]
        }
        return table.markup
    }
}
