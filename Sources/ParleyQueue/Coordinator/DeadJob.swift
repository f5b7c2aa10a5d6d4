// Jobs whose retries are spent, and what may be ruled on them.

public import ParleyModel
import ParleyPostgres

/// What becomes of a dead job.
public enum Ruling: String, CaseIterable, Sendable, Hashable, Codable {
    /// It runs again with all attempts unspent; its earlier attempts stay recorded.
    case rerun
    /// Its observation is left out.
    case exclude
    /// Its observation counts as failed, as it does without a ruling.
    case accept
}

/// A job whose retries are spent.
public struct DeadJob: Hashable, Sendable {
    public let job: JobID
    public let cell: Int
    public let stage: Stage
    public let judge: Int?
    public let sample: Int
    public let epoch: Int
    public let attempt: Int
    /// The class of the last failure, as stored.
    public let failureClass: String
    public let message: String
    /// By the database's clock, in microseconds since the Unix epoch.
    public let diedAtMicros: Int64
    /// nil until somebody ruled; never `rerun`, which takes the job off this list.
    public let ruling: Ruling?
}

/// The dead probe jobs of a cell, counted.
public struct CellFailures: Hashable, Sendable {
    /// By class of the last failure, as stored; jobs that were ruled out are not among them.
    public var failed: [String: Int] = [:]
    /// Jobs whose observation is left out by a ruling.
    public var ruledOut = 0
}

extension CoordinatorQueue {
    /// The dead probe jobs of a round by index in `RoundDefinition.cells`; cells without any are left out.
    public func failures(round: RoundID) async throws -> [Int: CellFailures] {
        try await query(.failures, [.int64(round.rawValue)]).reduce(into: [:]) { cells, row in
            let (cell, jobs) = (Int(try row.int32("cell_no")), Int(try row.int64("jobs")))
            if try row.bool("excluded") {
                cells[cell, default: CellFailures()].ruledOut += jobs
            } else {
                cells[cell, default: CellFailures()].failed[try row.text("class"), default: 0] += jobs
            }
        }
    }

    /// The dead jobs of a round, by number.
    /// - Parameters:
    ///   - job: only those after this one
    ///   - failureClass: only those of this class; nil for all
    ///   - limit: the most that are given
    public func deadJobs(
        round: RoundID,
        after job: JobID = JobID(-1),
        failureClass: String? = nil,
        limit: Int = 1000
    ) async throws -> [DeadJob] {
        try await query(
            .deadJobs,
            [
                .int64(round.rawValue), .int64(job.rawValue), .optional(failureClass, .text, PostgresValue.text),
                .int64(Int64(limit)),
            ]
        ).map { try DeadJob(row: $0) }
    }

    /// Rules on dead jobs.
    /// - Parameter authority: who ruled and why, recorded
    /// - Returns: how many of them were dead
    @discardableResult
    public func rule(
        _ ruling: Ruling,
        on jobs: [JobID],
        round: RoundID,
        by authority: Authority
    ) async throws -> Int {
        let rows = try await query(
            .rule,
            [
                .int64(round.rawValue), .int64Array(jobs.map(\.rawValue)), .text(ruling.rawValue),
                .text(authority.reason.storable(bytes: 500)), .text(authority.actor.storable(bytes: 256)),
            ]
        )
        return Int(try rows.only().int64(0))
    }
}

extension DeadJob {
    fileprivate init(row: PostgresRow) throws {
        job = JobID(try row.int64("job_id"))
        cell = Int(try row.int32("cell_no"))
        stage = try row.int16("stage") == 0 ? .probe : .grade
        judge = try row.int16OrNil("grader").map(Int.init)
        sample = Int(try row.int32("sample_no"))
        epoch = Int(try row.int32("epoch"))
        attempt = Int(try row.int32("attempt"))
        failureClass = try row.text("class")
        message = try row.text("message")
        diedAtMicros = try row.timestamptz("died_at")
        ruling = try row.textOrNil("ruling").flatMap(Ruling.init(rawValue:))
    }
}
