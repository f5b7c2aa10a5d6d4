// What people said of one transcript of a round, by the names and numbers of its definition.

/// A label of a transcript.
public struct LabelRecord: Hashable, Sendable {
    public var suite: SuiteName
    public var configuration: ConfigurationName
    /// Index in the suite's frozen order.
    public var sample: Int
    /// From 1.
    public var epoch: Int
    public var score: Score

    public init(suite: SuiteName, configuration: ConfigurationName, sample: Int, epoch: Int, score: Score) {
        self.suite = suite
        self.configuration = configuration
        self.sample = sample
        self.epoch = epoch
        self.score = score
    }
}
