// What a round should find is known when the models are simulated: over 200 seeds the 95 % intervals hold the true
// accuracy at the rate that they state. From the prober over real HTTP to the findings document.

import ParleyEvidence
import ParleyModel
import ParleyProbe
import ParleySimulator
import Testing

@Suite("Known truth") struct KnownTruthTests {
    static let seeds = 200
    static let sampleCount = 60

    @Test("Intervals hold the true accuracy in 95 of 100 rounds", arguments: [0.3, 0.7])
    func coverage(accuracy: Double) async throws {
        let samples = (0..<Self.sampleCount).map {
            Sample(id: "\($0)", input: [Message(.user, "What is \($0) + 12?")], target: ["\($0 + 12)"])
        }
        let scorer = Scorer(kind: .numeric)
        var key = AnswerKey()
        for sample in samples {
            let isKnown = key.add(sample, scorer: scorer)
            #expect(isKnown)
        }
        let clients = ModelClients()
        var covered = 0
        for seed in 1...Self.seeds {
            let provider = SimulatedProvider(
                configuration: SimulatorConfiguration(
                    seed: UInt64(seed),
                    standard: ModelBehaviour(SimulatedBehaviour(accuracy: accuracy))
                ),
                key: key
            )
            let address = try await provider.start()
            let definition = RoundDefinition.oneCell(
                "sums",
                samples: Self.sampleCount,
                at: address.openAIBase(),
                Solver(),
                scorer
            )
            let findings = try await Self.findings(definition, samples, clients)
            try await provider.stop()
            let interval = try #require(findings.cells.first?.interval)
            if interval.lower <= accuracy, accuracy <= interval.upper { covered += 1 }
        }
        await clients.shutdown()
        // 95 % of 200 is 190; four binomial standard errors are 12.3.
        #expect((178...200).contains(covered), "\(covered) of \(Self.seeds), seeds 1 to \(Self.seeds)")
    }

    private static func findings(
        _ definition: RoundDefinition,
        _ samples: [Sample],
        _ clients: ModelClients
    ) async throws -> FindingsDocument {
        let model = definition.models[0]
        let prober = Prober(definition: definition) { _ throws(ParleyFailure) in try clients.client(for: model) }
        var assembler = FindingsAssembler(definition: definition)
        for (index, sample) in samples.enumerated() {
            let result = try await prober.probe(cell: 0, sample: sample, epoch: 1)
            try assembler.add(
                FindingsInput(
                    cell: 0,
                    sample: index,
                    epoch: 1,
                    kind: result.kind,
                    score: result.score,
                    usage: result.usage,
                    cost: result.cost,
                    latencyMicros: result.latencyMicros
                )
            )
        }
        return try assembler.findings(modelsReturned: [:], asOf: nil)
    }
}
