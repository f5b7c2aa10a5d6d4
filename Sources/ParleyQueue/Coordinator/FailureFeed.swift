// The failed attempts of a round as they come. An attempt is seen by its time, and a transaction that commits late has
// an earlier one: each look begins some seconds before the last, and what was seen is not given twice.

public import ParleyModel
import ParleyPostgres

/// A failed attempt, as the feed gives it.
public struct FailedTry: Hashable, Sendable {
    public let job: JobID
    public let fence: Int64
    public let cell: Int
    public let sample: Int
    public let epoch: Int
    public let failureClass: String
    public let message: String
    public let disposition: String
    public let worker: WorkerID
    public let endedAtMicros: Int64
}

/// The failed attempts of a round as they come.
public struct FailureFeed: Sendable {
    /// How much later than its time an attempt is still found.
    private static let overlapMicros: Int64 = 5_000_000
    private static let perLook: Int64 = 10_000

    public let round: RoundID
    private var fromMicros: Int64
    private var seen: Set<FailedTry> = []

    /// A feed of what fails from an instant on.
    public init(round: RoundID, fromMicros: Int64) {
        self.round = round
        self.fromMicros = fromMicros
    }

    /// What failed since the last call, the earliest first.
    public nonisolated(nonsending) mutating func failures(from queue: CoordinatorQueue) async throws -> [FailedTry] {
        let found = try await queue.failures(round: round, fromMicros: fromMicros, limit: Self.perLook)
        let new = found.filter { !seen.contains($0) }
        if let last = found.last {
            // A full page may end within an instant: the next one begins with it.
            let slack = found.count < Int(Self.perLook) ? Self.overlapMicros : 0
            fromMicros = max(fromMicros, last.endedAtMicros - slack)
        }
        seen = Set(found.filter { $0.endedAtMicros >= fromMicros })
        return new
    }
}

extension CoordinatorQueue {
    func failures(round: RoundID, fromMicros: Int64, limit: Int64) async throws -> [FailedTry] {
        try await query(
            .latestFailures,
            [.int64(round.rawValue), .timestamptz(fromMicros), .int64(limit)]
        ).map { row in
            FailedTry(
                job: JobID(try row.int64("job_id")),
                fence: try row.int64("fence"),
                cell: Int(try row.int32("cell_no")),
                sample: Int(try row.int32("sample_no")),
                epoch: Int(try row.int32("epoch")),
                failureClass: try row.text("class"),
                message: try row.text("message"),
                disposition: try row.text("disposition"),
                worker: WorkerID(try row.int64("worker_id")),
                endedAtMicros: try row.timestamptz("ended_at")
            )
        }
    }
}
