// Cancels the statement that runs, from any thread. Invariant, under `state`: a request is made only while a statement
// runs, and a statement does not end while a request for it is under way, so that a late request cannot hit the next
// statement. `PQcancel` blocks and therefore runs on a queue of its own.

import Dispatch
import Synchronization

/// The handle by which other tasks stop a connection's statement.
final class Canceller: Sendable {
    private struct State {
        var running = false
        var requested = false
        var underWay = 0
    }

    private let cancel: LibPQCancel
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "parley.postgres.cancel")
    private let idle = DispatchSemaphore(value: 0)

    init(_ cancel: LibPQCancel) { self.cancel = cancel }

    /// A statement is about to run.
    func begin() {
        state.withLock { $0 = State(running: true) }
    }

    /// The statement has ended; waits for requests under way. Call on the connection's queue.
    /// - Returns: whether a cancellation was requested
    func end() -> Bool {
        let (requested, underWay) = state.withLock { state in
            state.running = false
            return (state.requested, state.underWay)
        }
        for _ in 0..<underWay { idle.wait() }
        return requested
    }

    /// Asks for the running statement to be cancelled; does nothing when none runs. Returns at once.
    func request() {
        let begin = state.withLock { state in
            guard state.running, !state.requested else { return false }
            state.requested = true
            state.underWay += 1
            return true
        }
        guard begin else { return }
        queue.async {
            _ = self.cancel.request()
            self.idle.signal()
        }
    }

    /// Cancels from the connection's own queue, blocking until the server has taken it.
    func requestNow() { _ = cancel.request() }
}
