// Runs that are cut after each turn and go on: no call of the model that was answered and saved is made again, the end is
// the same as that of a run in one go, and what was used is told whole.

import ParleyModel
import Synchronization
import Testing

@testable import ParleyProbe

@Suite("A run of an agent that was cut")
struct AgentCheckpointTests {
    static let script: [ScriptedClient.Line] = {
        var lines = (1...5).map { ScriptedClient.Line.calls([Desk.write("n\($0)", "\($0)", id: "c\($0)")]) }
        lines.append(.calls([Desk.write("sum", "42", id: "c6")]))
        lines.append(.says("Status: done"))
        return lines
    }()
    private static let lost = ScriptedClient.Line.fails(
        ProbeFailure(.connection, "cut", fingerprint: "cut", usage: Usage())
    )

    @Test("goes on after its last turn, wherever it was cut", arguments: 0..<7, [ToolMode.native, .text])
    func resumes(_ index: Int, _ mode: ToolMode) async throws {
        let script = mode == .native ? Self.script : Self.textScript
        let whole = try await Desk.stage(script, mode: mode).probe(Desk.sample)

        let store = MemoryCheckpoints()
        let first = Desk.stage(Array(script.prefix(index)) + [Self.lost], mode: mode)
        let failure = try await #require(
            throws: ProbeFailure.self,
            performing: { _ = try await first.probe(Desk.sample, checkpoints: store) }
        )
        let used = Usage(input: Int64(index) * 100, output: Int64(index) * 10)
        #expect(failure.usage == used && failure.checkpointedUsage == used)
        #expect(failure.cost == failure.checkpointedCost && store.history.count == index)

        let second = Desk.stage(Array(script.dropFirst(index)), mode: mode)
        let result = try await second.probe(Desk.sample, checkpoints: store)
        // The call that was lost is the only one made twice.
        #expect(first.targetClient.requests.count == index + 1)
        #expect(second.targetClient.requests.count == script.count - index)
        #expect(result.kind == .scored && result.score == .one)
        #expect(result.usage == whole.usage && result.cost == whole.cost)
        #expect(result.checkpointedUsage == whole.usage && result.checkpointedCost == whole.cost)
        #expect(result.latencyMicros == whole.latencyMicros && result.modelReturned == whole.modelReturned)
        #expect(result.transcript.messages == whole.transcript.messages)
        #expect(result.transcript.exchanges.count == script.count - index)
        var record = try #require(result.transcript.agent)
        #expect(record.resumedAfterTurns == index)
        record.resumedAfterTurns = 0
        #expect(record == whole.transcript.agent)
    }

    @Test("after every turn in turn calls the model once a turn, and once more for each cut")
    func cutEverywhere() async throws {
        let store = MemoryCheckpoints()
        var calls = 0
        for turn in Self.script.indices {
            let stage = Desk.stage([Self.script[turn], Self.lost])
            do {
                let result = try await stage.probe(Desk.sample, checkpoints: store)
                #expect(turn == Self.script.count - 1 && result.score == .one)
                #expect(result.usage == Usage(input: 700, output: 70))
            } catch {
                #expect(turn < Self.script.count - 1 && error.failureClass == .connection)
            }
            calls += stage.targetClient.requests.count
        }
        #expect(calls == 2 * Self.script.count - 1)
        // What is saved grows, and the usage in it with the turns.
        #expect(store.history.map(\.usage.input) == (1...7).map { $0 * 100 })
        #expect(store.history.map(\.cost) == store.history.map(\.cost).sorted())
    }

    @Test("after its last turn was saved needs no call at all")
    func finished() async throws {
        let store = MemoryCheckpoints()
        let whole = try await Desk.stage(Desk.rightScript).probe(Desk.sample, checkpoints: store)
        let stage = Desk.stage([])
        let again = try await stage.probe(Desk.sample, checkpoints: store)
        #expect(stage.targetClient.requests.isEmpty && again.score == .one && again.usage == whole.usage)
        #expect(again.transcript.messages == whole.transcript.messages)
    }

    @Test("by a failure of unknown use still says what the checkpoint holds")
    func unknownUse() async throws {
        let unknown = ScriptedClient.Line.fails(ProbeFailure(.timeout, "late", fingerprint: "late"))
        let stage = Desk.stage([Self.script[0], unknown])
        let failure = try await #require(
            throws: ProbeFailure.self,
            performing: { _ = try await stage.probe(Desk.sample, checkpoints: MemoryCheckpoints()) }
        )
        #expect(failure.usage == nil && failure.checkpointedUsage == Usage(input: 100, output: 10))
        #expect(failure.checkpointedCost == Money(billionths: 200_000))
    }

    @Test("ends where its state cannot be saved or read, with what it used")
    func brokenStore() async throws {
        let stage = Desk.stage(Desk.rightScript)
        let failure = try await #require(
            throws: ProbeFailure.self,
            performing: { _ = try await stage.probe(Desk.sample, checkpoints: BrokenCheckpoints(loads: nil)) }
        )
        #expect(failure.failureClass == .workerLost && failure.checkpointedUsage == Usage())
        #expect(failure.usage == Usage(input: 100, output: 10) && stage.targetClient.requests.count == 1)
        for state in [JSONValue.null, ["format": 2], ["format": 1, "environment": "file_store"]] {
            let unread = await #expect(throws: ProbeFailure.self) {
                try await stage.probe(Desk.sample, checkpoints: BrokenCheckpoints(loads: state))
            }
            #expect(unread?.failureClass == .worker && unread?.message.contains("checkpoint") == true)
        }
    }

    private static var textScript: [ScriptedClient.Line] {
        let notes = (1...5).map { ("n\($0)", "\($0)") } + [("sum", "42")]
        let calls = notes.map { TextTools.call("write_file", ["path": .string($0.0), "text": .string($0.1)]) }
        return calls.map { ScriptedClient.Line.says($0) } + [.says("Status: done")]
    }
}

/// A store that loses its lease at the first save.
private struct BrokenCheckpoints: CheckpointStore {
    let loads: JSONValue?

    func load() async throws -> JSONValue? { loads }

    func save(_ state: JSONValue, usage: Usage, cost: Money) async throws(ProbeFailure) {
        throw ProbeFailure(.workerLost, "the lease is gone", fingerprint: "lease")
    }
}
