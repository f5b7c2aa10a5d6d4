// An outcome that some other system wrote down, before its names have become numbers.

/// One outcome of an outcome file.
public struct OutcomeRecord: Hashable, Sendable {
    public var suite: SuiteName
    public var configuration: ConfigurationName
    /// Tells the samples of a suite apart.
    public var sample: String
    public var kind: OutcomeKind
    public var score: Score?
    public var usage: Usage
    public var cost: Money
    /// nil where the file does not tell.
    public var latencyMicros: Int64?

    public init(
        suite: SuiteName,
        configuration: ConfigurationName,
        sample: String,
        kind: OutcomeKind,
        score: Score?,
        usage: Usage = Usage(),
        cost: Money = .zero,
        latencyMicros: Int64? = nil
    ) {
        self.suite = suite
        self.configuration = configuration
        self.sample = sample
        self.kind = kind
        self.score = score
        self.usage = usage
        self.cost = cost
        self.latencyMicros = latencyMicros
    }
}
