// Rounds of a series side by side: what `parley series --json` prints (schemas/json/series-findings.schema.json).

/// What each round of a series found, and what changed from each to the next.
public struct SeriesFindings: Hashable, Sendable, Codable {
    /// What one round found of a cell.
    public struct Point: Hashable, Sendable, Codable {
        public var round: RoundName
        /// Outcomes that the plan asks for, and those that are there.
        public var planned: Int
        public var finished: Int
        /// The denominator of the mean, and the samples in it.
        public var observations: Int
        public var samples: Int
        public var mean: Double?
        /// Clustered by sample.
        public var standardError: Double?
        public var interval: Interval?

        public init(
            round: RoundName,
            planned: Int,
            finished: Int,
            observations: Int,
            samples: Int,
            mean: Double?,
            standardError: Double?,
            interval: Interval?
        ) {
            self.round = round
            self.planned = planned
            self.finished = finished
            self.observations = observations
            self.samples = samples
            self.mean = mean
            self.standardError = standardError
            self.interval = interval
        }
    }

    /// A cell through the rounds that have it.
    public struct Course: Hashable, Sendable, Codable {
        public var suite: SuiteName
        public var configuration: ConfigurationName
        /// In the order of the rounds.
        public var points: [Point]

        public init(suite: SuiteName, configuration: ConfigurationName, points: [Point]) {
            self.suite = suite
            self.configuration = configuration
            self.points = points
        }
    }

    public static let currentFormat = "parley.series-findings/1"

    public var format: String
    /// As they were named, the earliest first.
    public var rounds: [RoundComparisonDocument.Round]
    /// The smallest difference that matters, in the scores' unit.
    public var relevantDifference: Double
    /// In the order in which they first appear.
    public var cells: [Course]
    /// From each round to the next.
    public var steps: [RoundComparisonDocument]

    public init(
        rounds: [RoundComparisonDocument.Round],
        relevantDifference: Double,
        cells: [Course],
        steps: [RoundComparisonDocument]
    ) {
        format = Self.currentFormat
        self.rounds = rounds
        self.relevantDifference = relevantDifference
        self.cells = cells
        self.steps = steps
    }
}
