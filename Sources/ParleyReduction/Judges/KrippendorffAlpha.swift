// KrippendorffAlpha.swift: the agreement of any raters, of whom each unit may have another number.
// The fractions 1/(m − 1) of the units are brought to one denominator, the least common multiple of those that occur,
// so that the sums are whole.

/// How far apart two ratings are for Krippendorff's alpha.
public enum AlphaMetric: Sendable, Equatable, CaseIterable {
    /// δ² is 0 for equal ratings and 1 for others.
    case nominal
    /// δ² is the square of the difference of the scores.
    case interval
}

/// Krippendorff's alpha over the units that at least two of these raters scored.
///
/// With mᵤ ratings of unit u, n = Σ mᵤ over the units with mᵤ ≥ 2, and sums over ordered pairs of ratings,
/// α = 1 − Dₒ/Dₑ with Dₒ = (1/n) Σᵤ (1/(mᵤ−1)) Σ δ² within u, and Dₑ = Σ δ² over all n / (n(n−1)). Missing ratings are
/// no disagreement: a unit counts with the ratings that it has. Source: K. Krippendorff, "Computing Krippendorff's
/// alpha-reliability" (2011).
///
/// - Parameters:
///   - table: the ratings.
///   - raters: who counts.
///   - metric: how far apart two ratings are.
/// - Returns: the estimate; units and ratings are the pairable ones, and the raw agreement is 1 − Dₒ under the nominal
///   metric, whichever was asked for. No coefficient where no unit has two ratings
///   (``AgreementAbsence/noPairableUnits``) and where all pairable ratings are the same, which makes Dₑ 0
///   (``AgreementAbsence/oneCategory``; some implementations say 1 there, though nothing was shown).
public func krippendorffAlpha(_ table: RatingTable, raters: Set<Int32>, metric: AlphaMetric) -> AgreementEstimate {
    let counts = PairableCounts(table, raters: raters)
    guard counts.units > 0 else { return .absent(.noPairableUnits) }
    let coefficient =
        switch metric {
        case .nominal: counts.nominalAlpha
        case .interval: intervalAlpha(table, raters: raters, counts)
        }
    return AgreementEstimate(
        units: counts.units,
        ratings: Int64(counts.ratings),
        rawAgreement: roundedQuotient(counts.agreeing, counts.multiple * counts.ratings),
        coefficient: coefficient,
        absence: coefficient == nil ? .oneCategory : nil
    )
}

/// What both metrics need of the pairable units.
private struct PairableCounts {
    private(set) var units: Int64 = 0
    /// n.
    private(set) var ratings: Int128 = 0
    /// T, the sum of all ratings.
    private(set) var sum: Int128 = 0
    /// L, the least common multiple of all mᵤ − 1.
    private(set) var multiple: Int128 = 1
    /// L · Σᵤ (agreeing ordered pairs of u) / (mᵤ − 1).
    private(set) var agreeing: Int128 = 0
    private var byScore: [Int64: Int128] = [:]

    init(_ table: RatingTable, raters: Set<Int32>) {
        /// Agreeing pairs by mᵤ − 1.
        var agreeing = [Int128](repeating: 0, count: Int(RatingTable.raterLimit))
        table.forEachUnit(raters: raters) { scores in
            guard scores.count > 1 else { return }
            units += 1
            ratings += Int128(scores.count)
            multiple = leastCommonMultiple(multiple, Int128(scores.count - 1))
            agreeing[scores.count - 1] += agreeingPairs(scores)
            for score in scores {
                sum += Int128(score)
                byScore[score, default: 0] += 1
            }
        }
        for (others, pairs) in agreeing.enumerated() where others > 0 {
            self.agreeing += multiple / Int128(others) * pairs
        }
    }

    /// With all within one unit disagreeing L·n: 1 − (n − 1)(L·n − agreeing) / (L·(n² − Σnₖ²)).
    var nominalAlpha: Double? {
        let expected = ratings * ratings - sumOfSquares(byScore)
        guard expected > 0 else { return nil }
        let observed = (ratings - 1) * (multiple * ratings - agreeing)
        return roundedQuotient(multiple * expected - observed, multiple * expected)
    }
}

/// Σ δ² over the ordered pairs of m ratings x with sum s is 2 Σ x(m·x − s); the 2 cancels.
private func intervalAlpha(_ table: RatingTable, raters: Set<Int32>, _ counts: PairableCounts) -> Double? {
    let n = counts.ratings
    var expected = ProductSum()
    var difference = ProductSum()
    table.forEachUnit(raters: raters) { scores in
        guard scores.count > 1 else { return }
        let size = Int128(scores.count)
        let share = counts.multiple / (size - 1)
        let sum = scores.reduce(Int128(0)) { $0 + Int128($1) }
        for score in scores {
            let score = Int128(score)
            expected.add(counts.multiple * score, times: n * score - counts.sum)
            difference.add(counts.multiple * score, times: n * score - counts.sum)
            difference.subtract(share * score, times: (n - 1) * (size * score - sum))
        }
    }
    return expected.isZero ? nil : difference.double / expected.double
}

private func leastCommonMultiple(_ left: Int128, _ right: Int128) -> Int128 {
    var (divisor, rest) = (left, right)
    while rest != 0 { (divisor, rest) = (rest, divisor % rest) }
    return left / divisor * right
}
