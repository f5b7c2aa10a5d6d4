// Observations: what the reduction reads. The view in the database combines judges; see its comment for the rules.

public import ParleyModel
import ParleyPostgres

/// One sample × epoch of a cell as it ended, with the judges' grades combined.
public struct Observation: Hashable, Sendable {
    /// The probe job.
    public let job: JobID
    /// Index in `RoundDefinition.cells`.
    public let cell: Int
    /// Index in the frozen order of the suite's samples.
    public let sample: Int
    /// From 1.
    public let epoch: Int
    /// Never `answered`; `failed` where the probe's retries are spent.
    public let kind: OutcomeKind
    public let score: Score?
    /// What the probe used and cost; of a failed one nothing is counted here, its attempts say what is known.
    public let usage: Usage
    public let cost: Money
    public let latencyMicros: Int64
    /// Tokens and cost of all its judges.
    public let judgeTokens: Int64
    public let judgeCost: Money
    /// Attempts of the probe.
    public let attempts: Int
    /// By the database's clock, in microseconds since the Unix epoch.
    public let completedAtMicros: Int64
}

extension CoordinatorQueue {
    /// Hands all observations of a round to `body`, in the order of their jobs, page by page. Each page is a short
    /// statement of its own, so that no snapshot is held: of what is finished meanwhile, later pages see more.
    /// - Parameter pageSize: about the most observations handed over, and held, at once
    public nonisolated(nonsending) func observations(
        round: RoundID,
        pageSize: Int = 16_384,
        _ body: nonisolated(nonsending) ([Observation]) async throws -> Void
    ) async throws {
        precondition(pageSize > 0, "observations: the page size must be positive, is \(pageSize)")
        var last = (round.rawValue << 36) - 1
        while let end = try await pool.query(
            CoordinatorStatement.observationsEnd.rawValue,
            [.int64(round.rawValue), .int64(last), .int64(Int64(pageSize))]
        ).only().int64OrNil(0) {
            let rows = try await pool.query(
                CoordinatorStatement.observations.rawValue,
                [.int64(round.rawValue), .int64(last), .int64(end)]
            )
            // A page can hold grades and ungraded answers only.
            if !rows.isEmpty { try await body(rows.map(Observation.init(row:))) }
            last = end
        }
    }
}

extension Observation {
    /// A row of the view, by position.
    init(row: PostgresRow) throws {
        job = JobID(try row.int64(0))
        cell = Int(try row.int32(1))
        sample = Int(try row.int32(2))
        epoch = Int(try row.int32(3))
        kind = try OutcomeKind(stored: row.int16(4))
        score = try row.int64OrNil(5).map(Score.init(billionths:))
        usage = try row.usage(6)
        cost = Money(billionths: try row.int64(11))
        latencyMicros = try row.int64(12)
        judgeTokens = try row.int64(13)
        judgeCost = Money(billionths: try row.int64(14))
        attempts = Int(try row.int32(15))
        completedAtMicros = try row.timestamptz(16)
    }
}
