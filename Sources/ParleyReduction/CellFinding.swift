// CellFinding.swift: what a round says about one cell. Every finding states its denominator by kind.
// Invariant: finished = included + excluded + apart + unscored, kind by kind; neverRun = planned − finished.

/// The finding of one cell.
public struct CellFinding: Sendable, Equatable {
    /// The cell's index.
    public var cell: Int
    /// Observations planned.
    public var planned: Int64
    /// Planned observations that have no outcome.
    public var neverRun: Int64
    /// Outcomes by kind.
    public var finished: KindCounts
    /// Outcomes in the denominator, by kind.
    public var included: KindCounts
    /// Outcomes that the suite excludes, by kind.
    public var excluded: KindCounts
    /// Outcomes that the suite reports apart, by kind.
    public var apart: KindCounts
    /// Outcomes that would count with their own score and have none, by kind. Unscored is not zero.
    public var unscored: KindCounts
    /// Right, wrong and refused; `nil` where scores are not 0 and 1, and of a cell that never ran.
    public var answers: AnswerCounts?
    /// The mean or rate, with its error.
    public var score: ScoreEstimate
    /// How far missing outcomes could move the mean; `nil` where none is missing, where scores have no bounds, and
    /// under an epoch reducer.
    public var missing: MissingBounds?
    /// Tokens of all outcomes.
    public var tokens: TokenSums
    /// Cost of all outcomes, in billionths of the round's currency.
    public var cost: Int128
    /// Latencies in microseconds; `nil` when no outcome has one.
    public var latency: LatencyQuantiles?

    /// Makes a finding from its parts.
    public init(
        cell: Int,
        planned: Int64,
        neverRun: Int64,
        finished: KindCounts,
        included: KindCounts,
        excluded: KindCounts,
        apart: KindCounts,
        unscored: KindCounts,
        answers: AnswerCounts? = nil,
        score: ScoreEstimate,
        missing: MissingBounds?,
        tokens: TokenSums,
        cost: Int128,
        latency: LatencyQuantiles?
    ) {
        self.cell = cell
        self.planned = planned
        self.neverRun = neverRun
        self.finished = finished
        self.included = included
        self.excluded = excluded
        self.apart = apart
        self.unscored = unscored
        self.answers = answers
        self.score = score
        self.missing = missing
        self.tokens = tokens
        self.cost = cost
        self.latency = latency
    }
}

extension CellFinding {
    /// Puts the results of the three aggregates together.
    ///
    /// - Parameter sum: that of all scores that count, in billionths, whatever the epoch reducer makes of them.
    init(
        cell: Int,
        spec: CellSpec,
        totals: CellTotals.Totals,
        sum: Int128,
        score: ScoreEstimate,
        latency: LatencyQuantiles?
    ) {
        let treatments = spec.treatments
        func counts(where matches: (KindTreatment) -> Bool) -> KindCounts {
            KindCounts { matches(treatments[$0]) ? totals.finished[$0] : 0 }
        }
        let unscored = KindCounts { treatments[$0] == .asScored ? totals.scoreless[$0] : 0 }
        let counted = counts { $0 != .exclude && $0 != .reportApart }
        self.init(
            cell: cell,
            planned: spec.planned,
            neverRun: spec.planned - totals.finished.total,
            finished: totals.finished,
            included: KindCounts { counted[$0] - unscored[$0] },
            excluded: counts { $0 == .exclude },
            apart: counts { $0 == .reportApart },
            unscored: unscored,
            answers: AnswerCounts(spec, totals, sum: sum),
            score: score,
            missing: spec.bounds(neverRun: spec.planned - totals.finished.total, totals, unscored, score),
            tokens: totals.tokens,
            cost: totals.cost,
            latency: latency
        )
    }
}

extension CellSpec {
    fileprivate func bounds(
        neverRun: Int64,
        _ totals: CellTotals.Totals,
        _ unscored: KindCounts,
        _ score: ScoreEstimate
    ) -> MissingBounds? {
        let range = scoreRange ?? (score.isRate ? 0...Billionths.one : nil)
        guard epochReducer == .mean, let range else { return nil }
        let failed = treatments[.failed] == .exclude ? totals.finished[.failed] : 0
        return MissingBounds(
            missing: neverRun + failed + unscored.total,
            sum: score.sum,
            observations: score.observations,
            range: range
        )
    }
}
