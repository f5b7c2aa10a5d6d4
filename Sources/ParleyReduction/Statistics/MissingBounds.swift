// MissingBounds.swift: how far the outcomes that are missing could move a mean.

/// The least and the greatest mean that a cell can come to, whatever the missing outcomes are.
///
/// (Σ + m · a) / (n + m) with the lowest score for a, and with the highest one. No assumption is made of why outcomes
/// are missing. Source: C. Manski, "Nonparametric bounds on treatment effects", American Economic Review 80 (1990).
public struct MissingBounds: Sendable, Equatable {
    /// m: planned outcomes that never ran, that failed and are left out, and that should have a score and have none.
    public var missing: Int64
    /// In the score's own unit.
    public var lower: Double
    /// In the score's own unit.
    public var upper: Double

    /// Makes bounds from their parts.
    public init(missing: Int64, lower: Double, upper: Double) {
        self.missing = missing
        self.lower = lower
        self.upper = upper
    }

    /// - Returns: `nil` when nothing is missing.
    init?(missing: Int64, sum: Int128, observations: Int64, range: ClosedRange<Int64>) {
        guard missing > 0 else { return nil }
        let denominator = (observations + missing) * Billionths.one
        self.init(
            missing: missing,
            lower: nearestRatio(sum + Int128(missing) * Int128(range.lowerBound), denominator),
            upper: nearestRatio(sum + Int128(missing) * Int128(range.upperBound), denominator)
        )
    }
}
