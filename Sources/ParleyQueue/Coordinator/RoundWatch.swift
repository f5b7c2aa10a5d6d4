// What an operator watches beside the counts: budgets, limits, jobs that are held for long, and the ledger of events.

public import ParleyModel
import ParleyPostgres

/// A budget and what was used of it.
public struct BudgetStatus: Hashable, Sendable {
    /// From 1, in the order of the round file.
    public let number: Int
    /// What it holds for, in words.
    public let scope: String
    /// The caps; nil where there is none.
    public let tokens: Int64?
    public let money: Money?
    /// What was really used, and for attempts of which nothing is known what was reserved for them.
    public let usedTokens: Int64
    public let usedMoney: Money
    /// Attempts of which nothing is known.
    public let unknown: Int
    /// The most that one job reserves.
    public let jobTokens: Int64
    public let jobMoney: Money
    public let streams: Set<StreamID>

    /// Whether no job can be reserved any more.
    public var isExhausted: Bool {
        if let tokens, usedTokens >= tokens || usedTokens + jobTokens > tokens { return true }
        if let money, usedMoney >= money || usedMoney + jobMoney > money { return true }
        return false
    }
}

/// A limit of an account and model, as it stands.
public struct LimitStatus: Hashable, Sendable {
    public let account: String
    public let model: ModelName
    /// What the provider takes just now, as far as it was found out; and what the round allows.
    public let allowed: Int
    public let ceiling: Int
    /// In flight, as last told.
    public let used: Int
    /// Whether the breaker is open or one job tries: the provider fails.
    public let isTripped: Bool
    /// Until something is claimed again.
    public let pausedFor: Duration
}

/// A job that a worker has held for long.
public struct HeldJob: Hashable, Sendable {
    public let job: JobID
    public let worker: WorkerID
    public let workerName: String
    public let host: String
    public let suite: SuiteName
    public let model: ModelName
    public let stage: Stage
    public let heldFor: Duration
}

/// An entry of the ledger.
public struct Event: Hashable, Sendable {
    /// By the database's clock, in microseconds since the Unix epoch.
    public let atMicros: Int64
    /// A party's handle, a person or a login.
    public let who: String
    public let what: String
    public let round: RoundID?
    public let subject: String
    public let why: String
    /// Where it stands in the order of all events.
    public let place: Place

    /// A place in the order of all events; what is after it in a list, newest first, is older.
    public struct Place: Hashable, Sendable {
        public let atMicros: Int64
        public let source: Int
        public let number: Int64

        public init(atMicros: Int64, source: Int, number: Int64) {
            self.atMicros = atMicros
            self.source = source
            self.number = number
        }
    }
}

extension CoordinatorQueue {
    /// The budgets of a round.
    public func budgets(round: RoundID) async throws -> [BudgetStatus] {
        try await query(.budgets, [.int64(round.rawValue)]).map { row in
            BudgetStatus(
                number: Int(try row.int32("budget_no")),
                scope: try row.text("scope"),
                tokens: try row.int64OrNil("tokens"),
                money: try row.int64OrNil("cost").map { Money(billionths: $0) },
                usedTokens: try row.int64("used_tokens"),
                usedMoney: Money(billionths: try row.int64("used_cost")),
                unknown: Int(try row.int64("unknown")),
                jobTokens: try row.int64("job_tokens"),
                jobMoney: Money(billionths: try row.int64("job_cost")),
                streams: Set(try row.int64Array("streams").compactMap { $0.map { StreamID($0) } })
            )
        }
    }

    /// The limits that a round's calls count on.
    public func limits(round: RoundID) async throws -> [LimitStatus] {
        try await query(.limits, [.int64(round.rawValue)]).map { row in
            LimitStatus(
                account: try row.text("account"),
                model: ModelName(try row.text("model")),
                allowed: Int(try row.int32("allowed")),
                ceiling: Int(try row.int32("ceiling")),
                used: Int(try row.int64("used")),
                isTripped: try row.int32("openings") > 0,
                pausedFor: .seconds(min(try row.float64("paused_for"), 1e9))
            )
        }
    }

    /// The jobs of a round that have been held longest.
    public func longestHeld(round: RoundID, limit: Int = 5) async throws -> [HeldJob] {
        try await query(.longestHeld, [.int64(round.rawValue), .int64(Int64(limit))]).map { row in
            HeldJob(
                job: JobID(try row.int64("job_id")),
                worker: WorkerID(try row.int64("worker_id")),
                workerName: try row.text("name"),
                host: try row.text("host"),
                suite: SuiteName(try row.text("suite")),
                model: ModelName(try row.text("model")),
                stage: try row.int16("stage") == 0 ? .probe : .grade,
                heldFor: .seconds(try row.float64("held_for"))
            )
        }
    }

    /// What was done, newest first: the ledger of a round or of all, what concerns no round alone, and what was asked of
    /// the service.
    /// - Parameter place: only what is older
    public func events(round: RoundID? = nil, limit: Int = 100, after place: Event.Place? = nil) async throws -> [Event]
    {
        try await query(
            .events,
            [
                .optional(round?.rawValue, .int64, PostgresValue.int64), .int64(Int64(limit)),
                .optional(place?.atMicros, .timestamptz, PostgresValue.timestamptz),
                .optional(place.map { Int32($0.source) }, .int32, PostgresValue.int32),
                .optional(place?.number, .int64, PostgresValue.int64),
            ]
        ).map { row in
            let at = try row.timestamptz("at")
            return Event(
                atMicros: at,
                who: try row.text("who"),
                what: try row.text("what"),
                round: try row.int64OrNil("round_id").map { RoundID($0) },
                subject: try row.text("subject"),
                why: try row.text("why"),
                place: Event.Place(
                    atMicros: at,
                    source: Int(try row.int32("source")),
                    number: try row.int64("number")
                )
            )
        }
    }
}
