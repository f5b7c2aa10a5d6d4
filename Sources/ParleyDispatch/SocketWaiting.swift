// Waiting for a socket: one method, two implementations. `PollWaiter` blocks the caller's own queue in poll(2) and is
// the default; `ReadSourceWaiter` frees the queue, for a connection that mostly listens.

/// Waits until a socket can be read.
public protocol SocketWaiting: Sendable {
    /// Waits until `descriptor` has bytes to read (or is closed by the peer), or the deadline passes.
    /// - Parameter deadline: nil waits without limit
    /// - Returns: false when the deadline came first or the waiter was cancelled
    nonisolated(nonsending) func waitUntilReadable(
        _ descriptor: Int32,
        deadline: ContinuousClock.Instant?
    ) async -> Bool
}
