// The state that all connections share: the scenario that is played, the counts of prompts, the statistics. Two
// short locks; neither is held while anything is parsed, decided or written.

import ParleyModel
import Synchronization

final class SimulatorCore: Sendable {
    private struct Books {
        var attempts: AttemptTable
        var statistics = Statistics()
    }

    private let initial: SimulatorConfiguration
    private let playing: Mutex<Scenario>
    private let books: Mutex<Books>

    init(_ configuration: SimulatorConfiguration, key: AnswerKey) {
        initial = configuration
        playing = Mutex(Scenario(configuration, key: key))
        books = Mutex(Books(attempts: AttemptTable(capacity: configuration.rememberedPrompts)))
    }

    var scenario: Scenario { playing.withLock { $0 } }

    var statistics: Statistics {
        books.withLock {
            var statistics = $0.statistics
            statistics.distinctPrompts = $0.attempts.distinct
            return statistics
        }
    }

    // MARK: - Changes at run time

    func setKey(_ key: AnswerKey) {
        playing.withLock { $0 = Scenario($0.configuration, key: key) }
    }

    func change(_ change: (inout SimulatorConfiguration) throws -> Void) rethrows {
        try playing.withLock {
            var configuration = $0.configuration
            try change(&configuration)
            $0 = Scenario(configuration, key: $0.key)
        }
    }

    /// Plays what it was made with, and forgets prompts and counts; calls in flight stay counted.
    func reset() {
        change { $0 = initial }
        books.withLock {
            let inFlight = $0.statistics.inFlight
            $0.attempts = AttemptTable(capacity: initial.rememberedPrompts)
            $0.statistics = Statistics()
            $0.statistics.inFlight = inFlight
            $0.statistics.mostInFlight = inFlight
        }
    }

    /// Begins the count of the most calls in flight anew.
    func mark() { books.withLock { $0.statistics.mostInFlight = $0.statistics.inFlight } }

    // MARK: - Calls

    /// Decides on a call and counts it as in flight. Every call begun must end.
    func begin(_ request: ChatRequest, model: String, as role: Role, in scenario: Scenario) -> Decision {
        let base = Simulation.base(of: request, model: model, seed: scenario.configuration.seed)
        let agentBase = request.tools.map { _ in
            Simulation.base(of: request.opening, model: model, seed: scenario.configuration.seed)
        }
        let attempt = books.withLock {
            $0.statistics.inFlight += 1
            $0.statistics.mostInFlight = max($0.statistics.mostInFlight, $0.statistics.inFlight)
            $0.statistics.count(model) { $0.requests += 1 }
            return $0.attempts.record(base)
        }
        return Simulation.decide(
            request,
            as: role,
            key: scenario.key,
            base: base,
            agentBase: agentBase,
            attempt: attempt
        )
    }

    /// Counts what became of a call; `isSent` is false where the client left before its answer.
    func end(_ decision: Decision, model: String, isSent: Bool, tokens: Response.Tokens?) {
        books.withLock {
            $0.statistics.inFlight -= 1
            if let fault = decision.fault {
                $0.statistics.faults[fault, default: 0] += 1
                $0.statistics.count(model) { $0.faults += 1 }
            }
            guard isSent, decision.fault == nil || decision.fault == .slowBody else { return }
            $0.statistics.count(model) { counts in
                counts.inputTokens += tokens?.input ?? 0
                counts.outputTokens += tokens?.output ?? 0
                switch decision.content {
                case .answer:
                    counts.answers += 1
                    if decision.isTruncated { counts.truncated += 1 }
                case .calls: counts.answers += 1
                case .refusal:
                    counts.answers += 1
                    counts.refusals += 1
                case .filtered: counts.filtered += 1
                case .tooLong: break
                }
            }
        }
    }

    func countRejected() { books.withLock { $0.statistics.rejected += 1 } }
}
