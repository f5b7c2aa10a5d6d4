// How a worker is stopped: the first SIGTERM or Ctrl-C lets it drain within its time, the second gives back at once what
// it has. Whatever hangs then (a database that does not answer), the process ends when the time is over: its jobs come
// back by their leases.

import Dispatch
import Foundation
import ServiceLifecycle
import UnixSignals

enum Stopping {
    /// What is granted beyond the time for a stop, and after a second signal.
    private static let grace = 12

    /// Runs services until they end or are stopped.
    static func run(
        _ group: ServiceGroup,
        within time: Duration,
        announce: @escaping @Sendable (String) -> Void
    ) async throws {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let work = Task { try await group.run() }
        let watch = Task {
            var isStopping = false
            for await _ in signals {
                if isStopping {
                    work.cancel()
                    endProcess(after: grace, announce)
                } else {
                    isStopping = true
                    announce("Worker stopping; a second signal gives back at once what is in flight.")
                    await group.triggerGracefulShutdown()
                    endProcess(after: Int(time.components.seconds) + grace, announce)
                }
            }
        }
        defer { watch.cancel() }
        do { try await work.value } catch is CancellationError {}
    }

    /// On a thread of Dispatch, which the cooperative pool cannot hold up.
    private static func endProcess(after seconds: Int, _ announce: @escaping @Sendable (String) -> Void) {
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(seconds)) {
            announce("Not everything could be given back in time; it comes back by its leases.")
            exit(1)
        }
    }
}
