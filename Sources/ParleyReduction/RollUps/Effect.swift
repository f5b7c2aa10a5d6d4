// Effect.swift: an estimate with its error, as roll-ups and surprises take it from a cell or a comparison.

/// An estimate and its standard error.
public struct Effect: Sendable, Equatable {
    /// In the score's own unit.
    public var estimate: Double
    /// Above 0.
    public var standardError: Double

    /// Makes an effect; the error must be above 0.
    public init(estimate: Double, standardError: Double) {
        precondition(standardError > 0 && standardError.isFinite, "an effect has an error above 0")
        self.estimate = estimate
        self.standardError = standardError
    }

    /// The effect of a cell, or `nil` where its error is unknown.
    ///
    /// A rate of which every observation agrees has a standard error of 0, by which nothing can be weighted. Its error
    /// is taken from Wilson's interval instead: half of its width over the normal quantile.
    public init?(_ score: ScoreEstimate) {
        guard let mean = score.mean, let error = score.standardError else { return nil }
        if error > 0 {
            self.init(estimate: mean, standardError: error)
        } else if score.isRate, let interval = score.interval {
            let z = normalQuantile(0.5 + 0.5 * interval.level)
            self.init(estimate: mean, standardError: 0.5 * (interval.upper - interval.lower) / z)
        } else {
            return nil
        }
    }

    /// The effect of a comparison, or `nil` where its error is unknown.
    public init?(_ comparison: PairedComparison) {
        guard let difference = comparison.difference, let error = comparison.standardError, error > 0 else {
            return nil
        }
        self.init(estimate: difference, standardError: error)
    }
}
