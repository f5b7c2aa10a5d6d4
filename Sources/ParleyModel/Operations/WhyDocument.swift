// What holds a job, a cell or a round back now: what `parley why --json` prints (schemas/json/why.schema.json). Each
// reason is a plain sentence and, where there is one, what can be done about it.

/// What holds something back.
public struct WhyDocument: Hashable, Sendable, Codable {
    public static let currentFormat = "parley.why/1"

    /// What a reason is about.
    public enum Kind: String, CaseIterable, Hashable, Sendable, Codable {
        // Of one job
        case finished, leased, silent, dead, retry
        // Of its round
        case state, unsigned, window
        // Of its part of the round
        case cancelled, paused, budget, limit, worker
        /// Nothing holds it: it comes when its turn comes.
        case queue
    }

    /// One thing that holds it back.
    public struct Reason: Hashable, Sendable, Codable {
        public var kind: Kind
        public var says: String
        /// What can be done; nil where nothing has to be.
        public var remedy: String?
        /// How many unfinished jobs it holds.
        public var jobs: Int

        public init(_ kind: Kind, _ says: String, remedy: String? = nil, jobs: Int) {
            self.kind = kind
            self.says = says
            self.remedy = remedy
            self.jobs = jobs
        }

        /// Whether it belongs to a round that goes well.
        public var isCalm: Bool { [.queue, .leased, .retry, .finished, .limit].contains(kind) }
    }

    public var format: String
    public var round: RoundName
    public var job: Int64?
    public var suite: SuiteName?
    public var configuration: ConfigurationName?
    /// From 0 and from 1; of a job only.
    public var sample: Int?
    public var epoch: Int?
    /// The one that holds most jobs first.
    public var reasons: [Reason]

    public init(
        round: RoundName,
        job: Int64? = nil,
        suite: SuiteName? = nil,
        configuration: ConfigurationName? = nil,
        sample: Int? = nil,
        epoch: Int? = nil,
        reasons: [Reason]
    ) {
        format = Self.currentFormat
        self.round = round
        self.job = job
        self.suite = suite
        self.configuration = configuration
        self.sample = sample
        self.epoch = epoch
        self.reasons = reasons
    }
}
