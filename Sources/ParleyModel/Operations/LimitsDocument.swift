// Every limit of an account and model with the value in force, who set it, and whether it is what binds now: what
// `parley explain limits --json` prints (schemas/json/limits.schema.json).

/// The limits of accounts, as they stand.
public struct LimitsDocument: Hashable, Sendable, Codable {
    public static let currentFormat = "parley.limits/1"

    /// What can limit an account and model.
    public enum Kind: String, CaseIterable, Hashable, Sendable, Codable {
        /// Jobs at a time, as the round file says.
        case concurrency
        /// Jobs at a time, as far as the provider was found to take them.
        case learned
        /// Jobs begun in a minute.
        case requests
        /// Tokens used in a minute.
        case tokens
        /// Nothing begins for some seconds.
        case wait
        /// Somebody paused it.
        case pause
        /// Jobs at a time of the workers of a pool that was told so, over all accounts.
        case pool
        /// Jobs at a time of workers, by their own settings or as one of them was told, over all accounts.
        case worker
    }

    /// One limit.
    public struct Value: Hashable, Sendable, Codable {
        public var kind: Kind
        /// Jobs, requests or tokens a minute, seconds, or paused streams.
        public var value: Int64
        /// In words: a round's file, what was learned by trying, the provider's headers, a person.
        public var setBy: String
        /// Whether more would be done now if this were higher.
        public var binds: Bool

        public init(_ kind: Kind, _ value: Int64, setBy: String, binds: Bool) {
            self.kind = kind
            self.value = value
            self.setBy = setBy
            self.binds = binds
        }
    }

    /// An account and model.
    public struct Entry: Hashable, Sendable, Codable {
        public var account: String
        public var model: ModelName
        /// In flight, as workers last told.
        public var inFlight: Int
        /// Workers that share it.
        public var workers: Int
        /// In the last minute: jobs that ended, attempts that failed, and how many of those the provider turned away
        /// (429, overloaded).
        public var ended: Int
        public var failed: Int
        public var turnedAway: Int
        public var tokens: Int64
        public var values: [Value]

        /// What binds now; nil where no limit does: work or workers are short.
        public var binding: Value? { values.first(where: \.binds) }

        /// The most that may be in flight now.
        public var allowed: Int64 {
            if values.contains(where: { $0.kind == .wait }) { return 0 }
            return values.filter { $0.kind == .concurrency || $0.kind == .learned }.map(\.value).min() ?? 0
        }

        public init(
            account: String,
            model: ModelName,
            inFlight: Int,
            workers: Int,
            ended: Int,
            failed: Int,
            turnedAway: Int,
            tokens: Int64,
            values: [Value]
        ) {
            self.account = account
            self.model = model
            self.inFlight = inFlight
            self.workers = workers
            self.ended = ended
            self.failed = failed
            self.turnedAway = turnedAway
            self.tokens = tokens
            self.values = values
        }
    }

    public var format: String
    public var limits: [Entry]

    public init(limits: [Entry]) {
        format = Self.currentFormat
        self.limits = limits
    }
}

extension LimitsDocument.Value {
    /// For instance `32 at a time`.
    public var text: String {
        switch kind {
        case .concurrency, .learned, .pool, .worker: "\(value) at a time"
        case .requests: "\(value) requests a minute"
        case .tokens: "\(value) tokens a minute"
        case .wait: "waits \(value) s"
        case .pause: value == 1 ? "1 part paused" : "\(value) parts paused"
        }
    }
}
