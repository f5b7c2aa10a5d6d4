// The least round: one suite of one party on one model of its own.

import ParleyModel

extension RoundDefinition {
    static func oneCell(_ suite: SuiteName, samples: Int, at base: String, _ solver: Solver, _ scorer: Scorer) -> Self {
        RoundDefinition(
            name: "one-cell",
            title: "One cell",
            tier: .bilateral,
            currency: "USD",
            seed: 1,
            isSimulated: true,
            parties: [Party(name: "a", title: "A", role: .lab)],
            models: [
                ModelDefinition(name: "m", party: "a", provider: .openai, baseURL: base, modelID: "m", account: "a")
            ],
            configurations: [Configuration(name: "c", model: "m")],
            suites: [
                Suite(
                    name: suite,
                    title: suite.text,
                    party: "a",
                    areas: [.scalableOversight],
                    dataset: FrozenDataset(source: "-", count: samples, digest: ContentHash(of: [])),
                    solver: solver,
                    scorer: scorer
                )
            ],
            cells: [Cell(suite: suite, configuration: "c")],
            budgets: []
        )
    }
}
