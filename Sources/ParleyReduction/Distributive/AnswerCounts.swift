// AnswerCounts.swift: right, wrong and refused, which say little one without the others: a model that refuses seven
// questions in ten and answers the rest rightly is not one that is right.
// Invariant: right + wrong + refused + other = finished. No row is read for it: the number of ones is the exact sum.

/// What became of all outcomes of a cell whose scores are 0 or 1.
public struct AnswerCounts: Sendable, Equatable {
    /// Outcomes that count with a score of 1, refusals aside.
    public var right: Int64
    /// Outcomes that count with a score of 0, refusals aside.
    public var wrong: Int64
    /// Refusals, whatever the suite makes of them.
    public var refused: Int64
    /// All others: those that the suite excludes or reports apart, and those without a score.
    public var other: Int64

    /// Makes counts from their parts.
    public init(right: Int64, wrong: Int64, refused: Int64, other: Int64) {
        self.right = right
        self.wrong = wrong
        self.refused = refused
        self.other = other
    }

    /// `nil` without outcomes, with scores other than 0 and 1, and where refusals count with scores of their own that
    /// the sum does not tell from those of answers.
    ///
    /// - Parameter sum: that of all scores that count, in billionths.
    init?(_ spec: CellSpec, _ totals: CellTotals.Totals, sum: Int128) {
        let counted = spec.observations(totals)
        guard totals.finished.total > 0, counted.graded == 0 else { return nil }
        let ones = Int64(sum / Int128(Billionths.one))
        guard let refusals = Self.refusals(spec, totals, counted: counted.all, ones: ones) else { return nil }
        let refused = totals.finished[.refused]
        right = ones - refusals.ones
        wrong = counted.all - refusals.counted - right
        self.refused = refused
        other = totals.finished.total - refused - right - wrong
    }

    /// How many refusals count, and how many of them with 1.
    private static func refusals(
        _ spec: CellSpec,
        _ totals: CellTotals.Totals,
        counted: Int64,
        ones: Int64
    ) -> (counted: Int64, ones: Int64)? {
        let all = totals.finished[.refused]
        switch spec.treatments[.refused] {
        case .exclude, .reportApart: return (0, 0)
        case .scoreAs(let score): return (all, score == 0 ? 0 : all)
        case .asScored:
            // Known where the ones can be shared out in one way only.
            let own = all - totals.scoreless[.refused]
            let most = min(own, ones)
            return most == max(0, ones - (counted - own)) ? (own, most) : nil
        }
    }
}
