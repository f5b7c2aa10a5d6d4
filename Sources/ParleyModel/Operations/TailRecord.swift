// One line of what happens in a round: what `parley tail --json` prints (schemas/json/tail.schema.json).

/// Something that happened in a round.
public struct TailRecord: Hashable, Sendable, Codable {
    /// What happened.
    public enum What: String, CaseIterable, Hashable, Sendable, Codable {
        /// A job has its outcome; a dead one's is `failed`.
        case end
        /// An attempt failed.
        case failure
        /// An entry of the ledger.
        case event
    }

    /// ISO 8601, UTC, by the database's clock.
    public var at: String
    public var what: What
    /// Of ends and failures.
    public var job: Int64?
    public var suite: SuiteName?
    public var configuration: ConfigurationName?
    /// From 0 and from 1.
    public var sample: Int?
    public var epoch: Int?
    /// Of ends.
    public var kind: OutcomeKind?
    public var score: Double?
    /// Of failures: the class, the message, and what became of the job.
    public var failureClass: String?
    public var message: String?
    public var disposition: String?
    public var worker: Int64?
    /// Of entries of the ledger.
    public var who: String?
    public var action: String?
    public var subject: String?
    public var why: String?

    public init(at: String, what: What) {
        self.at = at
        self.what = what
    }
}
