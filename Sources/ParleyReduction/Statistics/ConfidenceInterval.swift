// ConfidenceInterval.swift: an interval and how it was made.

/// A two-sided confidence interval, in the unit of the estimate.
public struct ConfidenceInterval: Sendable, Equatable {
    /// How an interval was computed.
    public enum Method: String, Sendable, Equatable, CaseIterable {
        /// Wilson's score interval on independent observations.
        case wilson = "Wilson"
        /// Wilson's score interval with the number of samples in place of the number of observations.
        case wilsonOnClusters = "Wilson on samples"
        /// Student's t with G − 1 degrees of freedom on the clustered standard error.
        case clusterT = "cluster t"
        /// Student's t with m − 1 degrees of freedom on m paired differences.
        case pairedT = "paired t"
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
