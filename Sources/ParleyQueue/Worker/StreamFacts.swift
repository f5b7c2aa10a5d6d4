// What never changes about a stream, which is all that turns a job's number into a job.

import ParleyModel
import ParleyPostgres

/// The fixed part of a stream, as `parley.allot` gives it.
struct StreamFacts: Hashable, Sendable {
    let id: StreamID
    let round: RoundID
    let stage: Stage
    let judge: Int?
    let cell: Int
    let suite: Int
    /// The first job of the stream, and of its cell's probes.
    let base: Int64
    let probeBase: Int64
    let samples: Int64
    let limit: Allotment.Limit
    let party: String
    /// What one job may use.
    let reserveTokens: Int64
    let reserveCost: Int64

    /// The columns of `parley.allot`, by position.
    init(row: PostgresRow) throws {
        guard let stage = Stage(rawValue: try row.int16(3)) else {
            throw PostgresError.usage("The database knows a stage that this program does not: use a newer Parley.")
        }
        id = StreamID(try row.int64(1))
        round = RoundID(try row.int64(2))
        self.stage = stage
        judge = try row.int16OrNil(4).map(Int.init)
        cell = Int(try row.int32(5))
        suite = Int(try row.int32(6))
        base = try row.int64(7)
        probeBase = try row.int64(8)
        samples = Int64(try row.int32(9))
        limit = Allotment.Limit(account: try row.text(12), model: try row.text(13))
        party = try row.text(14)
        reserveTokens = try row.int64(17)
        reserveCost = try row.int64(18)
    }

    /// One of its jobs.
    func job(_ number: Int64, fence: Int64, attempt: Int, block: JobID?) -> ClaimedJob {
        ClaimedJob(
            key: LeaseKey(job: JobID(number), fence: fence, block: block),
            round: round,
            stream: id,
            stage: stage,
            cell: cell,
            suite: suite,
            sample: Int((number - base) % samples),
            epoch: Int((number - base) / samples) + 1,
            judge: judge,
            attempt: attempt,
            probe: stage == .grade ? JobID(number - base + probeBase) : nil
        )
    }
}
