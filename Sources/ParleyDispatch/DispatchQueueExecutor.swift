// A serial executor over a serial Dispatch queue, for actors that make blocking calls.
//
// On Linux no Dispatch type is a `SerialExecutor`, and Swift's cooperative pool is only as wide as the cores, so an
// actor that blocks needs a thread of its own. Invariant: the queue is serial and has no target queue, so it gets a
// thread of its own and may block without stopping anybody else. An actor must retain its executor.

public import Dispatch

/// Runs an actor's jobs one after another on a Dispatch queue of its own.
///
/// ```swift
/// actor Disk {
///     nonisolated let executor = DispatchQueueExecutor(label: "disk")
///     nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
/// }
/// ```
public final class DispatchQueueExecutor: SerialExecutor {
    /// The serial queue. Work put on it directly is serialised with the actor's jobs.
    public let queue: DispatchQueue

    /// Makes an executor with a new serial queue.
    /// - Parameter label: shown in debuggers and crash reports
    public init(label: String) {
        queue = DispatchQueue(label: label)
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async {
            job.runSynchronously(on: self.asUnownedSerialExecutor())
        }
    }

    /// Traps unless called on the queue.
    public func checkIsolated() {
        dispatchPrecondition(condition: .onQueue(queue))
    }
}
