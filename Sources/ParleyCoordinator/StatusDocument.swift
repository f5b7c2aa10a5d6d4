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

    /// A budget and what was used of it.
    public struct Budget: Hashable, Sendable, Codable {
        /// From 1, in the order of the round file.
        public var budget: Int
        public var scope: String
        /// The caps; null where there is none.
        public var tokens: Int64?
        public var money: Money?
        public var usedTokens: Int64
        public var usedMoney: Money
        /// Attempts of which nothing is known, counted with all that was reserved for them.
        public var unknown: Int
        /// Whether no job can be reserved any more.
        public var exhausted: Bool
    }

    /// A limit of an account and model that is not what the round allows.
    public struct Limit: Hashable, Sendable, Codable {
        public var account: String
        public var model: ModelName
        /// What the provider takes just now, as far as it was found out.
        public var allowed: Int
        /// What the round allows.
        public var ceiling: Int
        /// Whether the provider fails, and is tried now and then only.
        public var failing: Bool
        public var pausedSeconds: Double
    }

    /// A job that a worker has held for long.
    public struct Held: Hashable, Sendable, Codable {
        public var job: Int64
        public var suite: SuiteName
        public var model: ModelName
        public var worker: Int64
        public var workerName: String
        public var seconds: Double
    }

    /// Work that no present worker can be given.
    public struct Unserved: Hashable, Sendable, Codable {
        public var jobs: Int
        public var suites: [SuiteName]
        /// The tags that a worker must have.
        public var requires: [String]
        /// What the nearest worker lacks of them; null where no worker works for the round.
        public var lacks: [String]?
    }

    /// Jobs that are not finished, probes and grades together.
    public struct Queue: Hashable, Sendable, Codable {
        /// Can be claimed now.
        public var ready: Int
        /// Wait for their next try.
        public var waiting: Int
        /// Held by a worker.
        public var leased: Int
        /// Spent, ruled on or not.
        public var dead: Int
        /// Were cancelled before they were done.
        public var cancelled: Int
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
        /// What the outcomes cost, in the round's currency, and that currency's ISO code.
        public var cost: Money
        public var currency: String
        public var paused: [Pause]
        public var budgets: [Budget]
        public var limits: [Limit]
        /// Held for ten minutes or more, the longest first.
        public var stuck: [Held]
        public var unserved: [Unserved]
        /// By cell, in the definition's order; empty where they were not asked for.
        public var estimates: [LiveEstimate]
    }

    public var format: String
    public var rounds: [Round]

    public init(rounds: [Round]) {
        format = Self.currentFormat
        self.rounds = rounds
    }
}

extension StatusDocument.Round {
    /// The shortest time for which a held job is called stuck.
    public static let stuckAfter = Duration.seconds(600)

    public init(
        _ record: RoundRecord,
        _ status: RoundStatus,
        currency: String,
        budgets: [BudgetStatus] = [],
        limits: [LimitStatus] = [],
        longestHeld: [HeldJob] = [],
        routes: [StreamRoute] = [],
        cells: [CellRecord] = []
    ) {
        estimates = cells.map(LiveEstimate.init)
        unserved = record.state == .running ? StatusDocument.Unserved.all(routes, status) : []
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
            dead: status.dead,
            cancelled: status.cancelled
        )
        finishedLastMinute = status.finishedLastMinute
        cost = status.cost
        self.currency = currency
        let pauses = status.paused.map {
            StatusDocument.Pause(account: $0.account, model: $0.model, reason: $0.pauseReason ?? "")
        }
        paused = Set(pauses).sorted { ($0.account, $0.model, $0.reason) < ($1.account, $1.model, $1.reason) }
        self.budgets = budgets.map(StatusDocument.Budget.init)
        self.limits = limits.filter { $0.allowed < $0.ceiling || $0.isTripped || $0.pausedFor > .zero }.map {
            StatusDocument.Limit(
                account: $0.account,
                model: $0.model,
                allowed: $0.allowed,
                ceiling: $0.ceiling,
                failing: $0.isTripped,
                pausedSeconds: ($0.pausedFor / .milliseconds(1)).rounded() / 1000
            )
        }
        stuck = longestHeld.filter { $0.heldFor >= Self.stuckAfter }.map {
            StatusDocument.Held(
                job: $0.job.rawValue,
                suite: $0.suite,
                model: $0.model,
                worker: $0.worker.rawValue,
                workerName: $0.workerName,
                seconds: ($0.heldFor / .milliseconds(1)).rounded() / 1000
            )
        }
    }
}

extension StatusDocument.Budget {
    public init(_ status: BudgetStatus) {
        self.init(
            budget: status.number,
            scope: status.scope,
            tokens: status.tokens,
            money: status.money,
            usedTokens: status.usedTokens,
            usedMoney: status.usedMoney,
            unknown: status.unknown,
            exhausted: status.isExhausted
        )
    }

    /// One line for people.
    public func line(currency: String) -> String {
        var parts: [String] = []
        if let tokens { parts.append("\(usedTokens) of \(tokens) tokens") }
        if let money { parts.append("\(usedMoney.value) of \(money.value) \(currency)") }
        let unknown = unknown > 0 ? ", \(unknown) attempts unknown" : ""
        return "\(budget)  \(scope): \(parts.joined(separator: ", "))\(unknown)\(exhausted ? "  USED UP" : "")"
    }
}

extension StatusDocument.Unserved {
    /// By what a worker must have and what the nearest lacks, in the order of the streams.
    static func all(_ routes: [StreamRoute], _ status: RoundStatus) -> [Self] {
        let routes = Dictionary(routes.map { ($0.stream, $0) }) { first, _ in first }
        var all: [Self] = []
        for stream in status.streams where stream.pauseReason == nil && !stream.isCancelled {
            let jobs = stream.ready + stream.waiting
            guard jobs > 0, let route = routes[stream.id], !route.isServed else { continue }
            let place =
                all.firstIndex { $0.requires == route.tags && $0.lacks == route.lacks }
                ?? {
                    all.append(Self(jobs: 0, suites: [], requires: route.tags, lacks: route.lacks))
                    return all.endIndex - 1
                }()
            all[place].jobs += jobs
            if !all[place].suites.contains(stream.suite) { all[place].suites.append(stream.suite) }
        }
        return all
    }

    /// One line for people.
    public var line: String {
        let lack = lacks.map { "no worker offers \($0.joined(separator: " and "))" } ?? "no worker works for this round"
        return "\(jobs) jobs of \(suites.map(\.text).joined(separator: ", ")): \(lack)"
    }
}

extension CoordinatorQueue {
    /// How far a round is, with its budgets, limits and stuck jobs.
    /// - Parameter live: the round's findings, which are brought up to date; nil to leave estimates out
    public func statusDocument(
        _ record: RoundRecord,
        live: LiveFindings? = nil
    ) async throws -> StatusDocument.Round {
        try await live?.refresh()
        return StatusDocument.Round(
            record,
            try await status(round: record.id),
            currency: try await currency(of: record.id),
            budgets: try await budgets(round: record.id),
            limits: try await limits(round: record.id),
            longestHeld: try await longestHeld(round: record.id),
            routes: try await routes(round: record.id),
            cells: try await live?.records() ?? []
        )
    }
}
