// WilsonInterval.swift: the score interval of a rate.

/// Wilson's score interval for a rate.
///
/// The ends are the roots of (1 + z²/n) q² − (2p + z²/n) q + p² = 0. Source: E. B. Wilson, "Probable inference, the
/// law of succession, and statistical inference", JASA 22 (1927). The lower end is taken from the product of the
/// roots, which does not cancel when p is small. Without continuity correction.
///
/// - Parameters:
///   - rate: p, between 0 and 1.
///   - observations: n, at least 1.
///   - level: the confidence level, such as 0.95.
/// - Returns: the interval, with method ``ConfidenceInterval/Method/wilson``; `nil` outside these bounds.
public func wilsonInterval(rate: Double, observations: Int64, level: Double) -> ConfidenceInterval? {
    guard rate >= 0, rate <= 1, observations > 0, level > 0, level < 1 else { return nil }
    return wilsonInterval(rate: rate, observations: observations, IntervalQuantiles(level: level))
}

/// The same for arguments that are known to be within their bounds.
func wilsonInterval(rate: Double, observations: Int64, _ quantiles: IntervalQuantiles) -> ConfidenceInterval {
    let n = Double(observations)
    let z = quantiles.normal
    let share = z * z / n
    let root = (rate * (1 - rate) * share + 0.25 * share * share).squareRoot()
    let upper = rate == 1 ? 1 : min(1, (rate + 0.5 * share + root) / (1 + share))
    let lower = rate == 0 ? 0 : rate * rate / ((1 + share) * ((rate + 0.5 * share + root) / (1 + share)))
    return ConfidenceInterval(lower: lower, upper: upper, level: quantiles.level, method: .wilson)
}
