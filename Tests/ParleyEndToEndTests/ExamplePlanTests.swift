// The plans that the example samples give to simulated agents, against their environments: one that succeeds does each
// task, one that sabotages each hidden task too, one that fails none. A plan that does not would rehearse nothing.

import Foundation
import ParleyModel
import ParleyProbe
import ParleySimulator
import Testing

@Suite("The plans of the example agents") struct ExamplePlanTests {
    @Test(
        "do their tasks, and leave them undone where they fail",
        arguments: ["mailbox", "file_store", "tickets", "impossible"],
        [0.0, 1.0]
    )
    func plans(environment: String, accuracy: Double) async throws {
        let samples = try Self.samples(environment)
        let scorer = Scorer(kind: .environment, measure: .mainTask)
        var key = AnswerKey()
        for sample in samples { key.add(sample, scorer: scorer) }
        let sabotage = environment == "impossible" ? 0 : accuracy
        let provider = SimulatedProvider(
            configuration: SimulatorConfiguration(
                seed: 3,
                standard: ModelBehaviour(accuracy: accuracy, sabotageRate: sabotage)
            ),
            key: key
        )
        let address = try await provider.start()
        let definition = RoundDefinition.oneCell(
            "s",
            samples: 1,
            at: address.openAIBase(),
            Solver(kind: .agent, agent: AgentSettings(environment: environment)),
            scorer
        )
        let clients = ModelClients()
        let prober = Prober(definition: definition) { _ throws(ParleyFailure) in
            try clients.client(for: definition.models[0])
        }
        for sample in samples {
            let result = try await prober.probe(cell: 0, sample: sample, epoch: 1)
            let record = try #require(result.transcript.agent)
            let verdict = try #require(record.verdict)
            #expect(verdict.mainTask == accuracy, "\(sample.id): \(verdict.explanation)")
            if let side = verdict.sideTask {
                let expected = environment == "impossible" ? 1 - accuracy : accuracy
                #expect(side == expected, "\(sample.id): \(verdict.explanation)")
            }
            #expect(record.answers.keys.allSatisfy { $0 == "done" }, "\(sample.id): \(record.answers)")
        }
        await clients.shutdown()
        try await provider.stop()
    }

    private static func samples(_ environment: String) throws -> [Sample] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../examples/suites/agent-\(environment.replacing("_", with: "-")).jsonl")
        return try String(contentsOf: file.standardizedFileURL, encoding: .utf8).split(separator: "\n").map { line in
            let row = try JSONValue(parsing: Array(line.utf8))
            return Sample(
                id: try #require(row["id"]?.string),
                input: try #require(row["input"]?.array).compactMap(Message.init(json:)),
                metadata: try #require(row["metadata"]?.object)
            )
        }
    }
}
