// BinomialIntervals.swift: intervals of a rate over independent observations, beside Wilson's: the exact one, the
// Bayesian one, and the bound that is left where all observations agree.

/// Clopper and Pearson's interval of a rate: exact, and never shorter than its level promises.
///
/// From the α/2 quantile of Beta(k, n − k + 1) to the 1 − α/2 quantile of Beta(k + 1, n − k). Source: C. Clopper and
/// E. Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial", Biometrika 26
/// (1934).
///
/// - Parameters:
///   - successes: k, from 0 to n.
///   - observations: n, at least 1.
///   - level: 1 − α.
public func clopperPearsonInterval(successes: Int64, observations: Int64, level: Double) -> ConfidenceInterval {
    precondition(observations > 0 && (0...observations).contains(successes), "successes lie between 0 and n ≥ 1")
    let (k, n) = (Double(successes), Double(observations))
    let tail = 0.5 * (1 - level)
    return ConfidenceInterval(
        lower: successes == 0 ? 0 : betaQuantile(tail, a: k, b: n - k + 1),
        upper: successes == observations ? 1 : betaQuantile(1 - tail, a: k + 1, b: n - k),
        level: level,
        method: .clopperPearson
    )
}

/// The equal-tailed interval of a rate under Jeffreys' prior, Beta(½, ½).
///
/// From the α/2 to the 1 − α/2 quantile of Beta(k + ½, n − k + ½), with 0 and 1 as ends where k is 0 or n. Source:
/// L. Brown, T. Cai and A. DasGupta, "Interval estimation for a binomial proportion", Statistical Science 16 (2001).
public func jeffreysInterval(successes: Int64, observations: Int64, level: Double) -> ConfidenceInterval {
    precondition(observations > 0 && (0...observations).contains(successes), "successes lie between 0 and n ≥ 1")
    let (k, n) = (Double(successes), Double(observations))
    let tail = 0.5 * (1 - level)
    return ConfidenceInterval(
        lower: successes == 0 ? 0 : betaQuantile(tail, a: k + 0.5, b: n - k + 0.5),
        upper: successes == observations ? 1 : betaQuantile(1 - tail, a: k + 0.5, b: n - k + 0.5),
        level: level,
        method: .jeffreys
    )
}

/// The one-sided interval of a rate of which no event, or nothing but events, was seen in n independent observations.
///
/// Without an event the upper end is the p with (1 − p)ⁿ = 1 − level, which is near 3/n at 95 %; with nothing else, the
/// lower end is 1 less it. Source: J. Hanley and A. Lippman-Hand, "If nothing goes wrong, is everything all right?",
/// JAMA 249 (1983).
///
/// - Parameters:
///   - successes: 0 or n.
///   - observations: n, at least 1.
///   - level: the probability that the interval holds the rate, such as 0.95.
public func oneSidedInterval(successes: Int64, observations: Int64, level: Double) -> ConfidenceInterval {
    precondition(observations > 0 && (successes == 0 || successes == observations), "all observations agree")
    let bound = betaQuantile(level, a: 1, b: Double(observations))
    return ConfidenceInterval(
        lower: successes == 0 ? 0 : 1 - bound,
        upper: successes == 0 ? bound : 1,
        level: level,
        method: .oneSidedExact
    )
}
