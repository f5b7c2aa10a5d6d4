// An outcome that some other system wrote down, before its names have become numbers.

/// What one of several judges said of an outcome.
public struct JudgeVerdict: Hashable, Sendable {
    public var judge: ConfigurationName
    /// nil where the judge gave no verdict.
    public var score: Score?

    public init(judge: ConfigurationName, score: Score?) {
        self.judge = judge
        self.score = score
    }
}

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
    /// What each judge said, the one whose score is `score` among them; empty where nothing is asked about judges.
    public var verdicts: [JudgeVerdict]
    /// What people said.
    public var label: Score?
    /// What the suite makes of the kind; nil where the file does not tell.
    public var treatment: KindTreatment?
    /// The lowest and the highest score that can occur; nil where the file does not tell.
    public var scale: ClosedRange<Score>?

    public init(
        suite: SuiteName,
        configuration: ConfigurationName,
        sample: String,
        kind: OutcomeKind,
        score: Score?,
        usage: Usage = Usage(),
        cost: Money = .zero,
        latencyMicros: Int64? = nil,
        verdicts: [JudgeVerdict] = [],
        label: Score? = nil,
        treatment: KindTreatment? = nil,
        scale: ClosedRange<Score>? = nil
    ) {
        self.suite = suite
        self.configuration = configuration
        self.sample = sample
        self.kind = kind
        self.score = score
        self.usage = usage
        self.cost = cost
        self.latencyMicros = latencyMicros
        self.verdicts = verdicts
        self.label = label
        self.treatment = treatment
        self.scale = scale
    }
}
