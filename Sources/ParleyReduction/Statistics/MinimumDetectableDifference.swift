// MinimumDetectableDifference.swift: how small a difference a comparison could have seen.

/// The true difference that a two-sided test at `significance` finds with probability `power`.
///
/// (z_{1−α/2} + z_{power}) · SE. With α = 0.05 and power 0.8 it is 2.8016 · SE. Source: J. Bloom, "Minimum detectable
/// effects", Evaluation Review 19 (1995), in its normal form; E. Miller, arXiv 2411.00640, section 5.
///
/// - Parameters:
///   - standardError: the standard error of the difference, in the score's unit.
///   - significance: α, such as 0.05.
///   - power: such as 0.8.
/// - Returns: the difference, in the score's unit.
public func minimumDetectableDifference(standardError: Double, significance: Double, power: Double) -> Double {
    (normalQuantile(1 - 0.5 * significance) + normalQuantile(power)) * standardError
}
