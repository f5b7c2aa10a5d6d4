// Where long work runs that is no waiting: on a queue of its own, never on the cooperative pool.

import Dispatch

/// Runs what blocks its thread for long on a queue of its own.
func onReductionQueue<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue(label: "parley.reduction").async { continuation.resume(with: Result(catching: body)) }
    }
}
