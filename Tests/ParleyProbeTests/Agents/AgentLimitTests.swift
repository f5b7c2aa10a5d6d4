// Limits of an agent: each ends the run as `limited`, named in the transcript, with what the environment holds by then.

import ParleyModel
import Synchronization
import Testing

@testable import ParleyProbe

@Suite("An agent's limit")
struct AgentLimitTests {
    static let busy = (1...9).map { ScriptedClient.Line.calls([Desk.write("sum", "42", id: "c\($0)")]) }

    // A call uses 110 tokens, and 100 × 1 + 10 × 10 = 200 millionths of a dollar.
    static let limits: [(AgentRecord.Limit, AgentSettings, Int)] = [
        (.turns, AgentSettings(environment: "file_store", turns: 4), 4),
        (.tokens, AgentSettings(environment: "file_store", tokenLimit: 330), 3),
        (.tokens, AgentSettings(environment: "file_store", tokenLimit: 331), 4),
        (.cost, AgentSettings(environment: "file_store", costLimit: Money(billionths: 400_000)), 2),
    ]

    @Test("of turns, tokens or money ends it between two turns", arguments: limits)
    func ends(_ limit: AgentRecord.Limit, _ settings: AgentSettings, _ calls: Int) async throws {
        let stage = Desk.stage(Self.busy) { $0 = settings }
        let result = try await stage.probe(Desk.sample)
        #expect(result.kind == .limited && result.score == .one)
        #expect(stage.targetClient.requests.count == calls)
        #expect(result.transcript.agent?.limit == limit && result.transcript.agent?.turns == calls)
        #expect(result.transcript.explanation?.contains("limit of \(limit.rawValue)") == true)
    }

    @Test("leaves no score where the answer is what is scored")
    func otherScorer() async throws {
        var stage = Desk.stage(Self.busy) { $0.turns = 1 }
        stage.suite.scorer = Scorer(kind: .refusal)
        let result = try await stage.probe(Desk.sample)
        #expect(result.kind == .limited && result.score == nil)
        #expect(result.transcript.agent?.verdict?.mainTask == 1)
    }

    /// Runs with a clock that goes on by a second each time that it is read: at the start, before and after each turn,
    /// and before each call of a tool.
    private static func run(
        _ lines: [ScriptedClient.Line],
        seconds: Int,
        store: MemoryCheckpoints = MemoryCheckpoints()
    ) async throws -> Solution {
        let clock = Ticker()
        let stage = Desk.stage(lines) { $0.timeLimitMilliseconds = seconds * 1_000 }
        let run = try AgentRun(
            suite: stage.suite,
            sample: Desk.sample,
            configuration: stage.target,
            caller: Caller(prober: stage.prober, epoch: 1),
            checkpoints: store
        )
        run.now = { clock.next() }
        return try await run.solve()
    }

    @Test("of time counts all attempts, and is looked at between turns")
    func time() async throws {
        let store = MemoryCheckpoints()
        // One turn, saved after 3 s; then the script is over.
        await #expect(throws: ProbeFailure.self) {
            _ = try await Self.run(Array(Self.busy.prefix(1)), seconds: 7, store: store)
        }
        // Looked at after 4 s and 7 s: one turn more.
        let solution = try await Self.run(Self.busy, seconds: 7, store: store)
        #expect(solution.ending == .limit(.time) && solution.agent?.turns == 2)
        #expect(solution.agent?.answers == ["done": 2])
    }

    @Test("of time ends a turn of many calls: those that are left are answered and not made")
    func timeWithinTurn() async throws {
        let calls = (1...9).map { Desk.write("n\($0)", "x", id: "c\($0)") }
        let solution = try await Self.run([.calls(calls), .says("Status: done")], seconds: 5)
        #expect(solution.ending == .limit(.time) && solution.agent?.turns == 1)
        #expect(solution.agent?.answers == ["done": 3, "tool_error": 6])
        #expect(solution.messages.compactMap { $0.toolAnswer?.callID } == calls.map(\.id))
    }

    @Test("of output cuts what a tool says between characters, and says so")
    func output() async throws {
        let sample = Desk.sample(files: ["a": .string(String(repeating: "é", count: 50)), "b": "short"])
        let stage = Desk.stage([
            .calls([Desk.read("a", id: "1"), Desk.read("b", id: "2")]), .says("Status: not done"),
        ]) { $0.outputLimit = 11 }
        let result = try await stage.probe(sample)
        let texts = stage.targetClient.requests[1].messages.suffix(2).map(\.content)
        #expect(texts == ["ééééé\n[cut: 11 of 100 bytes are shown]", "short"])
        #expect(result.transcript.agent?.cutAnswers == 1)
    }
}

/// A clock that goes on by a second each time that it is read.
private final class Ticker: Sendable {
    private let start = ContinuousClock.now
    private let reads = Mutex(0)

    func next() -> ContinuousClock.Instant {
        let count = reads.withLock { reads in
            reads += 1
            return reads
        }
        return start + .seconds(count)
    }
}
