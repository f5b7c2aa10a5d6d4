// ComparisonRule.swift: when a comparison says what. Frozen with the round, so that nobody chooses after seeing.

/// What a comparison may conclude.
public enum Verdict: String, Sendable, Equatable, CaseIterable {
    /// The first cell's score is higher.
    case higher
    /// The first cell's score is lower.
    case lower
    /// No difference was shown. It is *not* a claim that there is none: differences below the minimum detectable one
    /// would have been missed more often than the stated power allows.
    case noDifferenceShown = "no difference shown"
    /// The comparison could not have shown a difference that matters, or could not be tested at all.
    case insufficientEvidence = "insufficient evidence"
}

/// The thresholds of a comparison.
public struct ComparisonRule: Sendable, Equatable {
    /// α of the two-sided test; also 1 − the level of the interval of the difference.
    public var significance: Double
    /// The power for which the minimum detectable difference is stated.
    public var power: Double
    /// The smallest difference that the parties care about, in the score's unit, or `nil` when they named none.
    public var relevantDifference: Double?

    /// Makes a rule.
    public init(significance: Double = 0.05, power: Double = 0.8, relevantDifference: Double? = nil) {
        precondition(significance > 0 && significance < 1, "a significance lies between 0 and 1")
        precondition(power > 0 && power < 1, "a power lies between 0 and 1")
        self.significance = significance
        self.power = power
        self.relevantDifference = relevantDifference
    }

    /// The minimum detectable difference under this rule: see
    /// ``minimumDetectableDifference(standardError:significance:power:)``.
    public func minimumDetectable(standardError: Double) -> Double {
        minimumDetectableDifference(standardError: standardError, significance: significance, power: power)
    }

    /// The verdict on a difference.
    ///
    /// 1. No p value: `insufficientEvidence`.
    /// 2. p ≤ α: `higher` or `lower`, by the sign of the difference.
    /// 3. Else, when the minimum detectable difference is unknown, or larger than the relevant one:
    ///    `insufficientEvidence`.
    /// 4. Else `noDifferenceShown`.
    ///
    /// - Parameters:
    ///   - difference: first minus second, in the score's unit.
    ///   - pValue: the p value to judge by: the adjusted one where several comparisons stand in one table.
    ///   - minimumDetectable: the minimum detectable difference, in the score's unit.
    public func verdict(difference: Double?, pValue: Double?, minimumDetectable: Double?) -> Verdict {
        guard let difference, let pValue else { return .insufficientEvidence }
        if pValue <= significance, difference != 0 { return difference > 0 ? .higher : .lower }
        guard let minimumDetectable else { return .insufficientEvidence }
        if let relevantDifference, minimumDetectable > relevantDifference { return .insufficientEvidence }
        return .noDifferenceShown
    }
}
