// One long-lived Dispatch read source over one descriptor.
//
// Read sources misbehave on Linux when they are made and destroyed often, so a waiter keeps one source for the life of
// its connection: made after connecting, suspended whenever nobody waits (a source that is not drained would fire
// without end), cancelled before the descriptor is closed. Invariant, under `state`: the source is suspended exactly
// when `waiting` is nil and it is not cancelled; a suspended source is resumed before it is cancelled, since releasing
// a suspended one traps.

import Dispatch
import Synchronization

/// Waits with a Dispatch read source, without blocking the caller's thread. At most one wait at a time.
public final class ReadSourceWaiter: SocketWaiting {
    private struct State {
        var waiting: CheckedContinuation<Bool, Never>?
        var cancelled = false
        var timer: RepeatingTimer?
    }

    private let descriptor: Int32
    // Dispatch objects may be used from any thread; the overlay on Linux does not say so in their types.
    nonisolated(unsafe) private let source: any DispatchSourceRead
    private let state = Mutex(State())
    private let closed = DispatchSemaphore(value: 0)

    /// Makes the source of one connected socket. Call `cancel()` before the descriptor is closed.
    public init(descriptor: Int32) {
        self.descriptor = descriptor
        let queue = DispatchQueue(label: "parley.read-source")
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        let readable: @Sendable () -> Void = { [weak self] in self?.finish(true) }
        source.setEventHandler(handler: readable)
        let closed = closed
        let cancelled: @Sendable () -> Void = { closed.signal() }
        source.setCancelHandler(handler: cancelled)
    }

    public nonisolated(nonsending) func waitUntilReadable(
        _ descriptor: Int32,
        deadline: ContinuousClock.Instant?
    ) async -> Bool {
        precondition(descriptor == self.descriptor, "ReadSourceWaiter: made for another descriptor")
        return await withCheckedContinuation { continuation in
            let refused = state.withLock { state in
                if state.cancelled { return true }
                precondition(state.waiting == nil, "ReadSourceWaiter: two waits at once")
                state.waiting = continuation
                if let deadline {
                    let left = max(.nanoseconds(1), ContinuousClock.now.duration(to: deadline))
                    state.timer = RepeatingTimer(label: "parley.read-source.deadline", interval: left) { [weak self] in
                        self?.finish(false)
                    }
                }
                source.resume()
                return false
            }
            if refused { continuation.resume(returning: false) }
        }
    }

    /// Ends the wait, if any, with false and returns when no handler will run again. The descriptor may then be closed.
    public func cancel() {
        let (waiting, first) = state.withLock { state in
            let first = !state.cancelled
            let waiting = state.waiting
            if first && waiting == nil { source.resume() }
            state.cancelled = true
            state.waiting = nil
            state.timer = nil
            return (waiting, first)
        }
        waiting?.resume(returning: false)
        guard first else { return }
        source.cancel()
        closed.wait()
    }

    private func finish(_ readable: Bool) {
        let waiting = state.withLock { state in
            guard let waiting = state.waiting else { return CheckedContinuation<Bool, Never>?.none }
            source.suspend()
            state.waiting = nil
            state.timer = nil
            return waiting
        }
        waiting?.resume(returning: readable)
    }

    deinit {
        let suspended = state.withLock { !$0.cancelled && $0.waiting == nil }
        if suspended { source.resume() }
        source.cancel()
    }
}
