// What an operator watches: rounds with their pace and what holds them back, accounts, workers. What
// `parley top --json` prints (schemas/json/top.schema.json), and what the dashboard's overview shows.

/// The state of the house at an instant.
public struct OperationsDocument: Hashable, Sendable, Codable {
    public static let currentFormat = "parley.top/1"

    /// A round.
    public struct Round: Hashable, Sendable, Codable {
        public var round: RoundName
        public var title: String
        /// As `RoundState` is written.
        public var state: String
        public var simulated: Bool
        public var currency: String
        /// Probes in the plan, those with an outcome, and those among them by kind.
        public var planned: Int
        public var done: Int
        public var kinds: [OutcomeKind: Int]
        public var graded: Int
        /// Unfinished jobs: can be claimed, wait for a retry, are held, are dead and unruled.
        public var ready: Int
        public var waiting: Int
        public var held: Int
        public var dead: Int
        /// Seconds since the job that is due longest was due; nil where none waits. Probes that were never claimed have
        /// no such time.
        public var oldestDueSeconds: Double?
        /// Jobs that ended in the last minute.
        public var lastMinute: Int
        /// Seconds until all is done at the pace of the last minute; nil where nothing moves, all is held back or
        /// nothing is left.
        public var etaSeconds: Double?
        public var cost: Money
        /// The money budget that is nearest to its end, and what was used of it; nil without one.
        public var budget: Money?
        public var budgetUsed: Money?
        /// What holds most of the unfinished jobs; nil where the round has none.
        public var binding: WhyDocument.Reason?

        public init(
            round: RoundName,
            title: String,
            state: String,
            simulated: Bool,
            currency: String,
            planned: Int,
            done: Int,
            kinds: [OutcomeKind: Int],
            graded: Int,
            ready: Int,
            waiting: Int,
            held: Int,
            dead: Int,
            oldestDueSeconds: Double?,
            lastMinute: Int,
            etaSeconds: Double?,
            cost: Money,
            budget: Money?,
            budgetUsed: Money?,
            binding: WhyDocument.Reason?
        ) {
            self.round = round
            self.title = title
            self.state = state
            self.simulated = simulated
            self.currency = currency
            self.planned = planned
            self.done = done
            self.kinds = kinds
            self.graded = graded
            self.ready = ready
            self.waiting = waiting
            self.held = held
            self.dead = dead
            self.oldestDueSeconds = oldestDueSeconds
            self.lastMinute = lastMinute
            self.etaSeconds = etaSeconds
            self.cost = cost
            self.budget = budget
            self.budgetUsed = budgetUsed
            self.binding = binding
        }
    }

    /// A worker that has not ended.
    public struct Worker: Hashable, Sendable, Codable {
        public var worker: Int64
        public var name: String
        public var host: String
        public var version: String
        /// `active`, `paused`, `draining` or `silent`.
        public var state: String
        public var inFlight: Int
        /// What it told of itself last; nil before it told anything.
        public var vitals: WorkerVitals?
        /// What most of its time goes into; nil where no attempt ended lately, or nothing is known.
        public var bound: WorkerVitals.Bound?

        public init(
            worker: Int64,
            name: String,
            host: String,
            version: String,
            state: String,
            inFlight: Int,
            vitals: WorkerVitals? = nil
        ) {
            self.worker = worker
            self.name = name
            self.host = host
            self.version = version
            self.state = state
            self.inFlight = inFlight
            self.vitals = vitals
            bound = vitals?.bound
        }
    }

    public var format: String
    /// ISO 8601, UTC, by the database's clock.
    public var at: String
    public var rounds: [Round]
    public var accounts: [LimitsDocument.Entry]
    public var workers: [Worker]

    public init(at: String, rounds: [Round], accounts: [LimitsDocument.Entry], workers: [Worker]) {
        format = Self.currentFormat
        self.at = at
        self.rounds = rounds
        self.accounts = accounts
        self.workers = workers
    }
}
