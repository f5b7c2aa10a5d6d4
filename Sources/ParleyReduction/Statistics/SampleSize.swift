// SampleSize.swift: before a round runs, how many samples it needs, and what a number of samples can show.

/// What is assumed of the scores of two configurations on one suite.
///
/// A score's variance v is that between samples, ρv, and that between repetitions of a sample, (1 − ρ)v. With K epochs
/// the difference of two configurations on one sample has the variance 2(ρv(1 − r) + (1 − ρ)v/K), where r is the
/// correlation of their sample means; r = 0 where the two do not share samples. Source: E. Miller, "Adding Error Bars
/// to Evals" (2024, arXiv 2411.00640), section 5.
public struct PowerAssumptions: Sendable, Equatable {
    /// v, the variance of one score; p(1 − p) for a rate p.
    public var variance: Double
    /// ρ, between 0 and 1.
    public var betweenShare: Double
    /// r, between 0 and 1.
    public var correlation: Double
    /// α of the two-sided test, after adjustment for the number of comparisons.
    public var significance: Double
    /// The probability with which a true difference is to be found.
    public var power: Double

    /// Makes assumptions.
    public init(
        variance: Double,
        betweenShare: Double = 0.5,
        correlation: Double = 0.5,
        significance: Double = 0.05,
        power: Double = 0.8
    ) {
        precondition(variance >= 0 && variance.isFinite, "a variance is not negative")
        precondition((0...1).contains(betweenShare) && (0...1).contains(correlation), "shares lie between 0 and 1")
        precondition(significance > 0 && significance < 1, "a significance lies between 0 and 1")
        precondition(power > significance && power < 1, "a power lies between the significance and 1")
        self.variance = variance
        self.betweenShare = betweenShare
        self.correlation = correlation
        self.significance = significance
        self.power = power
    }

    /// The variance of the difference on one sample.
    public func differenceVariance(epochs: Int) -> Double {
        precondition(epochs > 0, "a sample is run at least once")
        let between = betweenShare * variance * (1 - correlation)
        return 2 * (between + (1 - betweenShare) * variance / Double(epochs))
    }

    /// The smallest difference that so many samples show with the power.
    public func minimumDetectableDifference(samples: Int, epochs: Int) -> Double {
        precondition(samples > 0, "a difference needs samples")
        let error = (differenceVariance(epochs: epochs) / Double(samples)).squareRoot()
        return ParleyReduction.minimumDetectableDifference(
            standardError: error,
            significance: significance,
            power: power
        )
    }

    /// The fewest samples that show a difference with the power: n = ((z₁₋α/₂ + z_power) / δ)² · variance, rounded up.
    ///
    /// The normal form; Student's t needs about two more. `nil` beyond 2⁵³.
    public func samples(difference: Double, epochs: Int) -> Int? {
        precondition(difference > 0, "a difference to be seen is above 0")
        let unit = ParleyReduction.minimumDetectableDifference(
            standardError: differenceVariance(epochs: epochs).squareRoot(),
            significance: significance,
            power: power
        )
        let exact = (unit / difference) * (unit / difference)
        guard exact < 0x1p53 else { return nil }
        let whole = Int(exact)
        return max(2, Double(whole) < exact ? whole + 1 : whole)
    }
}
