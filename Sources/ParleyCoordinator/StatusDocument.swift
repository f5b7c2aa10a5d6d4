// How far rounds are, as a document: what `parley status --json` prints (schemas/json/status.schema.json).

public import ParleyModel
public import ParleyQueue

/// How far some rounds are.
public struct StatusDocument: Hashable, Sendable, Codable {
    public static let currentFormat = "parley.status/1"

    /// A part of a round that waits for somebody to act.
    public struct Pause: Hashable, Sendable, Codable {
        public var account: String
        public var model: ModelName
        public var reason: String
    }

    /// Jobs that are not finished, probes and grades together.
    public struct Queue: Hashable, Sendable, Codable {
        /// Can be claimed now.
        public var ready: Int
        /// Wait for their next try.
        public var waiting: Int
        /// Held by a worker.
        public var leased: Int
        /// Spent, and waiting for a ruling.
        public var dead: Int
    }

    /// One round.
    public struct Round: Hashable, Sendable, Codable {
        public var round: RoundName
        public var title: String
        public var state: RoundState
        public var simulated: Bool
        public var definitionHash: ContentHash
        /// Probe jobs in the plan, and those with an outcome.
        public var planned: Int
        public var done: Int
        /// Finished probes by kind; every kind is named.
        public var kinds: [OutcomeKind: Int]
        /// Finished judgements.
        public var graded: Int
        public var queue: Queue
        public var finishedLastMinute: Int
        /// What the outcomes cost, in the round's currency.
        public var cost: Money
        public var paused: [Pause]
    }

    public var format: String
    public var rounds: [Round]

    public init(rounds: [Round]) {
        format = Self.currentFormat
        self.rounds = rounds
    }
}

extension StatusDocument.Round {
    public init(_ record: RoundRecord, _ status: RoundStatus) {
        round = record.name
        title = record.title
        state = record.state
        simulated = record.isSimulated
        definitionHash = record.definitionHash
        planned = status.planned
        done = status.done
        kinds = Dictionary(uniqueKeysWithValues: OutcomeKind.allCases.map { ($0, status.probes[$0, default: 0]) })
        graded = status.grades.values.reduce(0, +)
        queue = StatusDocument.Queue(
            ready: status.ready,
            waiting: status.waiting,
            leased: status.leased,
            dead: status.dead
        )
        finishedLastMinute = status.finishedLastMinute
        cost = status.cost
        let pauses = status.paused.map {
            StatusDocument.Pause(account: $0.account, model: $0.model, reason: $0.pauseReason ?? "")
        }
        paused = Set(pauses).sorted { ($0.account, $0.model, $0.reason) < ($1.account, $1.model, $1.reason) }
    }
}
