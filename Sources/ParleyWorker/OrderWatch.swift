// Heeds what people tell this worker: how much it may take, and that it is to end. A pause needs no heed, since a paused
// worker is given nothing.

import Logging
import ParleyQueue

struct OrderWatch: Sendable {
    /// How often it is asked beside announcements, which are hints.
    private static let interval = Duration.seconds(2)

    let queue: WorkerQueue
    let loop: ClaimLoop
    /// The worker's own setting.
    let concurrency: Int
    /// The most for which it has open files.
    let most: Int
    let logger: Logger

    func look() async {
        do {
            let orders = try await queue.orders()
            let wanted = orders.concurrency ?? concurrency
            if wanted > most {
                logger.debug("too few open files for what was told", metadata: ["concurrency": "\(wanted)"])
            }
            loop.setLimit(min(wanted, most))
            if orders.isDraining { loop.leave() }
        } catch {
            logger.debug("no orders could be read", metadata: ["error": "\(error)"])
        }
    }

    /// Looks now and then, until cancelled.
    func run() async {
        while !Task.isCancelled {
            await look()
            try? await Task.sleep(for: Self.interval)
        }
    }
}
