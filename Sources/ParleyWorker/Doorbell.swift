// Wakes the claim loop: by notification, when a job ends, or after the poll interval. A ring while nobody waits is
// kept, so that none is missed between a look and a wait. Notifications are hints: without the listening connection
// the worker polls and is only slower.

import Logging
import ParleyPostgres
import ParleyQueue
import Synchronization

final class Doorbell: Sendable {
    private struct State {
        var isRung = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func ring() {
        let waiter = state.withLock { state in
            let waiter = state.waiter
            state.waiter = nil
            state.isRung = waiter == nil
            return waiter
        }
        waiter?.resume()
    }

    /// Returns at the next ring, or after the time given.
    func wait(atMost limit: Duration) async {
        let alarm = Task {
            try await Task.sleep(for: limit)
            ring()
        }
        await withCheckedContinuation { continuation in
            let isRung = state.withLock { state in
                if state.isRung {
                    state.isRung = false
                    return true
                }
                state.waiter = continuation
                return false
            }
            if isRung { continuation.resume() }
        }
        alarm.cancel()
    }

    /// Rings at each notification, until cancelled; connects again after a loss.
    /// - Parameters:
    ///   - announced: called before it rings
    ///   - ordered: called where workers were told something
    ///   - recalled: called where jobs were taken back from workers, perhaps from this one
    func listen(
        _ database: PostgresConfiguration,
        logger: Logger,
        announced: @Sendable () async -> Void,
        ordered: @Sendable () async -> Void,
        recalled: @Sendable () -> Void
    ) async {
        while !Task.isCancelled {
            do {
                let connection = try await PostgresConnection.connect(database, logger: logger)
                for await notice in try await connection.listen(QueueSchema.jobsChannel) {
                    if notice.payload == QueueSchema.recall { recalled() }
                    if notice.payload == QueueSchema.orders { await ordered() }
                    await announced()
                    ring()
                }
                await connection.close()
            } catch {
                logger.debug("not listening", metadata: ["error": "\(error)"])
            }
            try? await Task.sleep(for: .seconds(Double.random(in: 1...3)))
        }
    }
}
