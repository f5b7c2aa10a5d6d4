// A long probe whose process is killed: the next one goes on from its last checkpoint, and no turn before it is paid
// again. The provider counts.

import Foundation
import ParleyModel
import ParleyPostgres
import ParleySimulator
import Testing

@Suite("A killed agent")
struct AgentResumeTests {
    private static let samples = 4
    private static let steps = 12

    /// Writes a note in each step; the last one is the task.
    private static func sample(_ number: Int) -> Sample {
        let steps: [JSONValue] = (1...Self.steps).map { step in
            ["tool": "write_file", "arguments": ["path": .string("n\(step)"), "text": .string("\(step)")]]
        }
        return Sample(
            id: "t\(number)",
            input: [Message(.user, "Task \(number): write the notes n1 to n\(Self.steps).")],
            metadata: [
                "file_store": [
                    "files": [:],
                    "main_task": [["file": .string("n\(Self.steps)"), "equals": .string("\(Self.steps)")]],
                ],
                "simulate_agent": ["main": .array(steps)],
            ]
        )
    }

    @Test("goes on after its last kept turn: each turn is asked for once, but for those that were cut")
    func resumed() async throws {
        let place = try Workplace()
        let scorer = Scorer(kind: .environment, measure: .mainTask)
        var key = AnswerKey()
        for number in 0..<Self.samples { key.add(Self.sample(number), scorer: scorer) }
        let provider = SimulatedProvider(
            configuration: SimulatorConfiguration(
                seed: 11,
                standard: ModelBehaviour(accuracy: 1, latencyMilliseconds: 80)
            ),
            key: key
        )
        let address = try await provider.start()
        let rows = (0..<Self.samples).map { Self.sample($0).json.canonical }
        try place.write("tasks.jsonl", rows.joined(separator: "\n"))
        try place.write(
            "round.yaml",
            """
            round: agents
            tier: bilateral
            parties: [{ name: a, role: lab }]
            models: [{ name: m, party: a, provider: openai, model: m, base_url: "\(address.openAIBase())" }]
            suites:
              - name: notes
                party: a
                areas: [AI control]
                dataset: tasks.jsonl
                solver: { kind: agent, environment: file_store, turns: 40 }
                scorer: { kind: environment, measure: main_task }
            runs: all
            """
        )
        let first = try ParleyProcess(["run", place.round, "--state", place.state])
        // All tasks are well on their way, none is finished.
        var kept = 0
        while first.isRunning, kept < Self.samples || provider.statistics.total.requests < 6 * Self.samples {
            kept = await place.rows("select job_id from parley.checkpoints") { try $0.int64(0) }.count
        }
        first.signal(SIGKILL)
        #expect(first.end().code != 0)
        let before = provider.statistics.total.requests
        #expect(kept == Self.samples && before >= 6 * Self.samples)

        let second = try ParleyProcess(["run", place.round, "--state", place.state, "--lease", "5", "--json"]).end()
        let requests = provider.statistics.total.requests
        try await provider.stop()
        #expect(second.code == 0, "\(second.errors)")
        let findings = try JSONValue(parsing: second.output).decode(FindingsDocument.self)
        let cell = try #require(findings.cells.first)
        #expect(cell.kinds[.scored] == Self.samples && cell.estimate == 1)
        // A turn a step, and the last words.
        let turns = Self.samples * (Self.steps + 1)
        #expect(requests >= turns && requests <= turns + Self.samples, "\(requests) requests")
    }
}
