// ConfidenceInterval.swift: an interval and how it was made.

/// A two-sided confidence interval, in the unit of the estimate.
public struct ConfidenceInterval: Sendable, Equatable {
    /// How an interval was computed.
    public enum Method: String, Sendable, Equatable, CaseIterable {
        /// Wilson's score interval on independent observations.
        case wilson = "Wilson"
        /// Wilson's score interval with the number of samples in place of the number of observations.
        case wilsonOnClusters = "Wilson on samples"
        /// Clopper and Pearson's exact interval on independent observations.
        case clopperPearson = "Clopper–Pearson"
        /// The equal-tailed interval under Jeffreys' prior on independent observations.
        case jeffreys = "Jeffreys"
        /// The one-sided bound of a rate of which every observation was a failure, or every one a success.
        case oneSidedExact = "exact, one-sided"
        /// Student's t with G − 1 degrees of freedom on the clustered standard error.
        case clusterT = "cluster t"
        /// Student's t with m − 1 degrees of freedom on m paired differences.
        case pairedT = "paired t"
        /// Student's t with n − 1 degrees of freedom on the error of a mean of n labels and a judge's scores: see
        /// ``CorrectedEstimate``.
        case predictionPoweredT = "PPI++ t"
        /// Quantiles of the means of resampled samples.
        case bootstrapPercentile = "bootstrap percentile"
        /// The same, with the levels corrected for bias and acceleration.
        case bootstrapBCa = "bootstrap BCa"
        /// The normal quantile on the error of a random-effects mean.
        case randomEffects = "random effects"
        /// Student's t on the error of a random-effects mean that its own scatter gives.
        case hartungKnapp = "Hartung–Knapp"
    }

    /// The lower end.
    public var lower: Double
    /// The upper end.
    public var upper: Double
    /// The confidence level, such as 0.95.
    public var level: Double
    /// How it was computed.
    public var method: Method

    /// Makes an interval.
    public init(lower: Double, upper: Double, level: Double, method: Method) {
        self.lower = lower
        self.upper = upper
        self.level = level
        self.method = method
    }
}
