// The one wrapper of `concurrentPerform`: a parallel loop whose indices are handed out in ascending order.
//
// It blocks its caller until all work is done, so it is called from a dedicated queue and never from the cooperative
// pool. Nothing is promised about which thread runs which index: results are written by index and combined in order.

import Dispatch
import Synchronization

/// Calls `body` once with each of `0..<count`, on up to `threads` threads, and returns when all calls have returned.
///
/// - Parameters:
///   - count: number of calls; none when zero
///   - threads: upper bound of threads; at least 1
///   - body: called concurrently
public func parallelFor(count: Int, threads: Int, _ body: @Sendable (Int) -> Void) {
    precondition(count >= 0, "parallelFor: count must not be negative, is \(count)")
    precondition(threads >= 1, "parallelFor: threads must be at least 1, is \(threads)")
    let workers = min(count, threads)
    guard workers > 1 else {
        for index in 0..<count { body(index) }
        return
    }
    let next = Atomic<Int>(0)
    let work: @Sendable (Int) -> Void = { _ in
        while true {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            if index >= count { return }
            body(index)
        }
    }
    DispatchQueue.concurrentPerform(iterations: workers, execute: work)
}

/// The results of `body` for each of `0..<count`, by index, computed on up to `threads` threads.
public func parallelMap<Result: Sendable>(
    count: Int,
    threads: Int,
    _ body: @Sendable (Int) -> Result
) -> [Result] {
    guard count > 0 else { return [] }
    return [Result](unsafeUninitializedCapacity: count) { buffer, initialized in
        nonisolated(unsafe) let target = buffer
        parallelFor(count: count, threads: threads) { index in
            (target.baseAddress.unsafelyUnwrapped + index).initialize(to: body(index))
        }
        initialized = count
    }
}
