// Where a long job stands, kept under the fence: a worker that no longer holds the job can neither save nor read it.

public import ParleyModel
import ParleyPostgres

extension WorkerQueue {
    /// Keeps the state of a job that is running, in place of what was kept of it.
    /// - Parameters:
    ///   - usage: what all its steps used, those before an earlier death included
    ///   - cost: what that cost
    ///   - sealed: the state, opaque
    /// - Returns: whether the job is still this worker's; where not, nothing was kept
    public nonisolated(nonsending) func save(
        _ sealed: [UInt8],
        of key: LeaseKey,
        usage: Usage,
        cost: Money
    ) async throws -> Bool {
        try await send(
            .saveCheckpoint,
            [
                .int64(key.job.rawValue), .int64(key.fence),
                .optional(key.block?.rawValue, .int64, PostgresValue.int64),
                .int64(usage.total), .int64(cost.billionths), .bytea(sealed),
            ]
        ).only().bool(0)
    }

    /// The state that was kept of a job that this worker holds; nil where it stands at its beginning.
    public nonisolated(nonsending) func checkpoint(of key: LeaseKey) async throws -> [UInt8]? {
        // A first claim has none.
        if key.fence == 1 { return nil }
        return try await send(.loadCheckpoint, [.int64(key.job.rawValue), .int64(key.fence)]).first?.bytea(0)
    }
}
