// A timer on a queue of its own, which fires when the cooperative pool is stuck: heartbeats and lease deadlines.
//
// Invariant: the handler never runs twice at once, since the queue is serial. `setEventHandler` is not `@Sendable` on
// Linux; this file is the one place that hands it a closure for timers.

import Dispatch

/// Calls a handler at a fixed interval until it is cancelled or released.
public final class RepeatingTimer: Sendable {
    // Dispatch objects may be used from any thread; the overlay on Linux does not say so in their types.
    nonisolated(unsafe) private let source: any DispatchSourceTimer

    /// Starts a timer.
    /// - Parameters:
    ///   - label: name of the timer's queue
    ///   - interval: time between two calls; the first comes after one interval
    ///   - handler: runs on the timer's own thread and may block it; calls that it misses are merged into one
    public init(label: String, interval: Duration, handler: @escaping @Sendable () -> Void) {
        precondition(interval > .zero, "RepeatingTimer: the interval must be positive, is \(interval)")
        let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: label))
        let step = DispatchTimeInterval.nanoseconds(interval.wholeNanoseconds)
        timer.schedule(deadline: .now() + step, repeating: step)
        timer.setEventHandler(handler: handler)
        source = timer
        timer.activate()
    }

    /// Stops the timer; a call that runs now finishes, and no other begins. Calling it twice is allowed.
    public func cancel() {
        source.cancel()
    }

    deinit {
        source.cancel()
    }
}

extension Duration {
    /// The duration in nanoseconds, cut off at the largest `Int`.
    var wholeNanoseconds: Int {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return seconds < 0 ? .min : .max }
        let (sum, carry) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return carry ? (seconds < 0 ? .min : .max) : Int(sum)
    }
}
