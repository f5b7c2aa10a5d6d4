// Whether this coordinator leads, as it believes: a lease that is renewed three times as often as it runs out. Belief is
// for not trying in vain; what keeps two from acting at once is the term under which every duty's statement is sent.

import Logging
import ParleyModel
import ParleyQueue
import Synchronization

/// One coordinator's part in the question who leads.
final class Lead: Sendable {
    /// For how long a leader that died keeps the others standing by.
    static let lease = Duration.seconds(6)

    private let queue: CoordinatorQueue
    private let holder: String
    private let logger: Logger
    private let held = Mutex<(term: CoordinatorQueue.Term, until: ContinuousClock.Instant)?>(nil)

    /// - Parameter holder: unique among coordinators
    init(_ queue: CoordinatorQueue, holder: String, logger: Logger) {
        self.queue = queue
        self.holder = holder
        self.logger = logger
    }

    /// The term that was renewed last; nil while standing by.
    var term: CoordinatorQueue.Term? { held.withLock { $0?.term } }

    /// Whether nobody else can lead: the lease that was asked for last still runs.
    var isSure: Bool { held.withLock { $0.map { $0.until > .now } ?? false } }

    /// The term, taken up where nobody leads; nil where another does.
    func take() async throws -> CoordinatorQueue.Term? {
        if let term { return term }
        let until = ContinuousClock.now + Self.lease
        let term = try await queue.lead(holder, renewing: nil, lease: Self.lease)
        if let term { logger.notice("this coordinator leads", metadata: ["term": "\(term.number)"]) }
        held.withLock { $0 = term.map { ($0, until) } }
        return term
    }

    /// Renews it until cancelled.
    func keep() async {
        while !Task.isCancelled {
            if let term {
                do {
                    let until = ContinuousClock.now + Self.lease
                    if try await queue.lead(holder, renewing: term, lease: Self.lease) == term {
                        held.withLock { if $0?.term == term { $0?.until = until } }
                    } else {
                        lose(term)
                    }
                } catch  where Task.isCancelled {
                    return
                } catch { logger.warning("the lead was not renewed", metadata: ["error": "\(error)"]) }
            }
            try? await Task.sleep(for: Self.lease / 3)
        }
    }

    /// Another coordinator leads by now.
    func lose(_ term: CoordinatorQueue.Term) {
        held.withLock { if $0?.term == term { $0 = nil } }
        logger.notice("another coordinator leads: standing by", metadata: ["term": "\(term.number)"])
    }

    /// Gives it up, so that the next need not wait for the lease's end.
    func resign() async {
        guard let term else { return }
        let queue = queue
        // The end of the process has cancelled the task that calls this.
        await Task { try? await queue.resign(term) }.value
    }
}
