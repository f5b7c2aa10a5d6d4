// A small round in memory: one suite, a model under test, a model that plays users, a judge.

import ParleyModel
import ParleyProbe

/// A round of one cell, with its scripted models.
struct Stage {
    var suite: Suite
    var target = Configuration(name: "target", model: "target", systemPrompt: "Be brief.", maxTokens: 64)
    var player = Configuration(name: "player", model: "player", maxTokens: 32)
    var judge = Configuration(name: "judge", model: "judge", systemPrompt: "You judge.", maxTokens: 999)
    let targetClient: ScriptedClient
    let playerClient: ScriptedClient
    let judgeClient: ScriptedClient

    init(
        solver: Solver = Solver(),
        scorer: Scorer = Scorer(kind: .includes),
        maxTokens: Int? = nil,
        target: [ScriptedClient.Line] = [],
        player: [ScriptedClient.Line] = [],
        judge: [ScriptedClient.Line] = []
    ) {
        suite = Suite(
            name: "suite",
            title: "A suite",
            party: "lab-a",
            areas: [.adversarialRobustness],
            dataset: FrozenDataset(source: "memory", count: 1, digest: ContentHash(of: [1])),
            solver: solver,
            scorer: scorer,
            maxTokens: maxTokens
        )
        targetClient = ScriptedClient(target)
        playerClient = ScriptedClient(player)
        judgeClient = ScriptedClient(judge)
    }

    var prober: Prober {
        let definition = RoundDefinition(
            name: "round",
            title: "A round",
            tier: .bilateral,
            currency: "USD",
            seed: 1,
            isSimulated: true,
            parties: [
                Party(name: "lab-a", title: "Lab A", role: .lab),
                Party(name: "lab-b", title: "Aurora Labs", role: .lab),
            ],
            models: [
                model("target", id: "aurora-7b", dollarsPerMillion: (1, 10)),
                model("player", id: "player-1", dollarsPerMillion: (2, 20)),
                model("judge", id: "judge-1", dollarsPerMillion: (3, 30)),
            ],
            configurations: [target, player, judge],
            suites: [suite],
            cells: [Cell(suite: "suite", configuration: "target")],
            budgets: []
        )
        let clients: [ModelName: ScriptedClient] = [
            "target": targetClient, "player": playerClient, "judge": judgeClient,
        ]
        return Prober(definition: definition) { name throws(ParleyFailure) in
            guard let client = clients[name] else { throw ParleyFailure(.invalidInput, "no client of '\(name)'") }
            return client
        }
    }

    func probe(
        _ sample: Sample,
        epoch: Int = 1,
        checkpoints: (any CheckpointStore)? = nil
    ) async throws(ProbeFailure) -> ProbeResult {
        try await prober.probe(cell: 0, sample: sample, epoch: epoch, checkpoints: checkpoints)
    }

    private func model(_ name: ModelName, id: String, dollarsPerMillion: (Int64, Int64)) -> ModelDefinition {
        let price = Price(
            input: Money(billionths: dollarsPerMillion.0 * Money.unit),
            output: Money(billionths: dollarsPerMillion.1 * Money.unit)
        )
        return ModelDefinition(
            name: name,
            party: "lab-b",
            provider: .openai,
            baseURL: "http://127.0.0.1/v1",
            modelID: id,
            account: "lab-b",
            price: price
        )
    }
}

extension Sample {
    /// A sample of one user message.
    static func asking(
        _ question: String,
        choices: [String] = [],
        target: [String] = ["yes"],
        metadata: [String: JSONValue] = [:]
    ) -> Sample {
        Sample(id: "s1", input: [Message(.user, question)], choices: choices, target: target, metadata: metadata)
    }
}
