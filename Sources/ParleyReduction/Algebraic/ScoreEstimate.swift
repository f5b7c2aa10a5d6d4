// ScoreEstimate.swift: the mean score of a cell, with what is known of its error.

/// Why an estimate has no interval.
public enum IntervalAbsence: String, Sendable, Equatable, CaseIterable {
    /// There is no observation.
    case noObservations = "no observations"
    /// One sample, however often repeated, says nothing of how samples differ.
    case oneCluster = "one sample"
    /// All samples have the same mean score and the score is not a rate: the error cannot be estimated, and is not 0.
    case noVariation = "no variation"
}

/// The mean or rate of a cell's scores.
///
/// Observations yᵢⱼ lie in samples (clusters) j. The estimate is y̅ = Σyᵢⱼ / n, its standard error that of
/// ``standardError``; both come from exact sums and are rounded once at the end.
public struct ScoreEstimate: Sendable, Equatable {
    /// n, the denominator: observations that entered the mean; under an epoch reducer, samples.
    public var observations: Int64
    /// G, the number of samples with at least one observation.
    public var clusters: Int64
    /// Σyᵢⱼ in billionths, exact; under an epoch reducer, the sum of the reduced scores, rounded.
    public var sum: Int128
    /// Σyᵢⱼ / n, in the score's own unit; `nil` when n = 0.
    public var mean: Double?
    /// Whether every observation was 0 or 1, so that the mean is a rate.
    public var isRate: Bool
    /// The sample-clustered standard error, in the score's own unit; `nil` with fewer than two samples.
    ///
    /// √( G/(G−1) · Σⱼ (Sⱼ − nⱼy̅)² ) / n, with Sⱼ and nⱼ the sum and number of sample j's observations. Source:
    /// E. Miller, "Adding Error Bars to Evals" (2024, arXiv 2411.00640), section 2.2, times the finite-cluster factor
    /// G/(G−1), which *is* applied, as in inspect_ai's `stderr(cluster:)` and in the usual sandwich estimator (CR1)
    /// of a regression on a constant. With one observation a sample it is s/√n with s² = Σ(y−y̅)²/(n−1).
    public var standardError: Double?
    /// The confidence interval, or `nil` for the reason in ``intervalAbsence``.
    public var interval: ConfidenceInterval?
    /// Why there is no interval.
    public var intervalAbsence: IntervalAbsence?
    /// The bootstrap's view, where one was asked for; `nil` with fewer than two samples or without variation.
    public var bootstrap: BootstrapEstimate?

    /// Makes an estimate from its parts.
    public init(
        observations: Int64,
        clusters: Int64,
        sum: Int128,
        mean: Double?,
        isRate: Bool,
        standardError: Double?,
        interval: ConfidenceInterval?,
        intervalAbsence: IntervalAbsence?,
        bootstrap: BootstrapEstimate? = nil
    ) {
        self.observations = observations
        self.clusters = clusters
        self.sum = sum
        self.mean = mean
        self.isRate = isRate
        self.standardError = standardError
        self.interval = interval
        self.intervalAbsence = intervalAbsence
        self.bootstrap = bootstrap
    }

    /// Other intervals of the same rate, which rest on the binomial distribution alone.
    ///
    /// Clopper and Pearson's, Jeffreys', and where all observations agree the one-sided exact bound. Empty unless the
    /// estimate is a rate of one observation a sample: repetitions of a sample are not independent.
    public func exactIntervals(level: Double = 0.95) -> [ConfidenceInterval] {
        guard isRate, observations > 0, observations == clusters else { return [] }
        let successes = Int64(sum / Int128(Billionths.one))
        let intervals = [
            clopperPearsonInterval(successes: successes, observations: observations, level: level),
            jeffreysInterval(successes: successes, observations: observations, level: level),
        ]
        guard successes == 0 || successes == observations else { return intervals }
        return intervals + [oneSidedInterval(successes: successes, observations: observations, level: level)]
    }

    init(_ mean: ClusteredMean, isRate: Bool, range: ClosedRange<Int64>?, quantiles: IntervalQuantiles) {
        let choice = scoreInterval(mean, isRate: isRate, range: range, quantiles: quantiles)
        self.init(
            observations: mean.observations,
            clusters: mean.clusters,
            sum: mean.billionths,
            mean: mean.mean(),
            isRate: isRate,
            standardError: mean.standardError(),
            interval: choice.interval,
            intervalAbsence: choice.absence
        )
    }
}
