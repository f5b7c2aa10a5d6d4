// How many samples a suite needs: what `parley power --json` prints (schemas/json/power.schema.json).

/// Samples, epochs and the differences that they show.
public struct PowerDocument: Hashable, Sendable, Codable {
    /// One number of epochs, or one suite of a round.
    public struct Entry: Hashable, Sendable, Codable {
        /// nil where no round was named.
        public var suite: SuiteName?
        public var epochs: Int
        /// Samples needed for the difference; of a suite, the samples that it has.
        public var samples: Int
        /// The smallest difference that they show with the power.
        public var minimumDetectableEffect: Double
        /// Of a suite: the samples that the difference needs.
        public var samplesNeeded: Int?

        public init(
            suite: SuiteName? = nil,
            epochs: Int,
            samples: Int,
            minimumDetectableEffect: Double,
            samplesNeeded: Int? = nil
        ) {
            self.suite = suite
            self.epochs = epochs
            self.samples = samples
            self.minimumDetectableEffect = minimumDetectableEffect
            self.samplesNeeded = samplesNeeded
        }
    }

    public static let currentFormat = "parley.power/1"

    public var format: String
    /// The difference to be seen.
    public var difference: Double
    /// Of one score.
    public var variance: Double
    /// The share of the variance that is between samples.
    public var betweenShare: Double
    /// Of the two configurations' sample means; 0 where they share no samples.
    public var correlation: Double
    /// Of the table of all comparisons.
    public var significance: Double
    public var comparisons: Int
    public var power: Double
    public var entries: [Entry]

    public init(
        difference: Double,
        variance: Double,
        betweenShare: Double,
        correlation: Double,
        significance: Double,
        comparisons: Int,
        power: Double,
        entries: [Entry]
    ) {
        format = Self.currentFormat
        self.difference = difference
        self.variance = variance
        self.betweenShare = betweenShare
        self.correlation = correlation
        self.significance = significance
        self.comparisons = comparisons
        self.power = power
        self.entries = entries
    }
}
