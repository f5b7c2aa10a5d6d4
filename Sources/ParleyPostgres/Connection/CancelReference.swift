// The canceller as other threads see it: set once when the connection is made, read by `cancel()` and by the
// cancellation handlers of tasks.

import Synchronization

/// A place for a connection's canceller that any thread may read.
final class CancelReference: Sendable {
    private let canceller = Mutex<Canceller?>(nil)

    func set(_ canceller: Canceller) { self.canceller.withLock { $0 = canceller } }
    func request() { canceller.withLock { $0 }?.request() }
}
