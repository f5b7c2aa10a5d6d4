// A transcript as the report shows it: what was said and what came of it, without what went over the wire.

public import ParleyModel

/// One outcome with its conversation. The caller bounds how many of them a report holds.
public struct ReportTranscript: Sendable {
    public var suite: SuiteName
    public var configuration: ConfigurationName
    /// The job's number.
    public var job: Int64
    public var sampleID: String
    public var epoch: Int
    public var kind: OutcomeKind
    public var score: Score?
    /// The conversation as the model under test saw it.
    public var messages: [Message]
    /// The text that was scored.
    public var answer: String
    /// What the scorer or the judge said of it.
    public var explanation: String?

    public init(
        suite: SuiteName,
        configuration: ConfigurationName,
        job: Int64,
        sampleID: String,
        epoch: Int,
        kind: OutcomeKind,
        score: Score?,
        messages: [Message],
        answer: String,
        explanation: String?
    ) {
        self.suite = suite
        self.configuration = configuration
        self.job = job
        self.sampleID = sampleID
        self.epoch = epoch
        self.kind = kind
        self.score = score
        self.messages = messages
        self.answer = answer
        self.explanation = explanation
    }
}
