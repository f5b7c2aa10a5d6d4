// What people tell a worker while it runs. Pauses and the end hold in the database whether it asks or not; what it has
// to know itself is how much it may take.

import ParleyModel
import ParleyPostgres

/// What a worker was told.
public struct WorkerOrders: Hashable, Sendable {
    /// The most jobs in flight; nil where the worker's own setting stands.
    public let concurrency: Int?
    /// Whether it is given nothing until it is resumed.
    public let isPaused: Bool
    /// Whether it is to end.
    public let isDraining: Bool
}

extension WorkerQueue {
    /// What this worker was told. Ask every few seconds, and when ``QueueSchema/orders`` is announced.
    public nonisolated(nonsending) func orders() async throws -> WorkerOrders {
        let row = try await pool.query(WorkerStatement.orders.rawValue, [.int64(worker.rawValue)]).only()
        return WorkerOrders(
            concurrency: try row.int32OrNil(0).map(Int.init),
            isPaused: try row.bool(1),
            isDraining: try row.bool(2)
        )
    }
}
