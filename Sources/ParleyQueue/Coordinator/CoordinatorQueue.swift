// The queue as the coordinator sees it. It connects as a member of `parley_coordinator`, which owns nothing and cannot
// change what was recorded. It holds no state: two coordinators beside one another do no harm. Under a term every
// statement is refused as soon as another coordinator leads, see Service/Leadership.

public import Logging
public import ParleyModel
public import ParleyPostgres

/// The coordinator's side of the queue.
public struct CoordinatorQueue: Sendable {
    let pool: PostgresPool
    let logger: Logger
    /// Of a queue that acts on duty: under this term alone does what it asks for take effect.
    var term: Term?
    /// Of a queue that reads another server, see Servers: the schema of its foreign tables.
    var foreignSchema: String?
    /// The secrets that are at hand of labs which may leave a round.
    public var secrets: [PartySecret] = []

    public init(pool: PostgresPool, logger: Logger = Logger(label: "parley.queue.coordinator")) {
        self.pool = pool
        self.logger = logger
    }

    /// What a rescue did.
    public struct Rescue: Hashable, Sendable {
        /// Jobs whose expired lease was taken back.
        public let rescued: Int
        /// How many of them had no attempt left.
        public let dead: Int
    }

    /// Takes back jobs whose lease has expired, a failed attempt of class `workerLost` each, and marks silent workers.
    /// - Parameter limit: the most jobs taken in one transaction; call again while it gives as many
    public func rescue(limit: Int = 1000) async throws -> Rescue {
        let row = try await query(.rescue, [.int32(Int32(clamping: limit))]).only()
        return Rescue(rescued: Int(try row.int64(0)), dead: Int(try row.int64(1)))
    }

    /// Tells listening workers that there may be work. A hint: send it seldom.
    public func announce(_ round: RoundID) async throws {
        _ = try await query(.notify, [.text(QueueSchema.jobsChannel), .text(round.description)])
    }

    /// Where a round stands after an attempt to finish it.
    public enum Completion: Hashable, Sendable {
        /// Jobs remain.
        case unfinished(jobs: Int)
        /// Each job has its outcome or is dead; `unruled` of the dead await a ruling and count as failed till then.
        case finished(unruled: Int)
    }

    /// Moves a running round without unfinished jobs to `exchange`.
    public func finishIfDone(_ round: RoundID) async throws -> Completion {
        let rows = try await query(.unfinished, [.int64(round.rawValue)])
        guard let row = rows.first else { throw Self.noRound(round) }
        let jobs = Int(try row.int64("jobs"))
        if jobs > 0 { return .unfinished(jobs: jobs) }
        let moved = try await query(.finish, [.int64(round.rawValue)])
        // A job that was ruled to run again meanwhile keeps the round running.
        if moved.isEmpty, try row.text("state") == RoundState.running.rawValue { return .unfinished(jobs: 0) }
        return .finished(unruled: Int(try row.int64("unruled")))
    }

    func query(_ statement: CoordinatorStatement, _ parameters: [PostgresValue] = []) async throws -> PostgresRows {
        if let term { return try await query(statement, parameters, under: term) }
        let sql = try located(statement.rawValue)
        return try await askedAgain { try await pool.query(sql, parameters) }
    }

    static func noRound(_ round: RoundID) -> ParleyFailure {
        ParleyFailure(.invalidInput, "There is no round with number \(round).", remedy: "List the rounds.")
    }
}
