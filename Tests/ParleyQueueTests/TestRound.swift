// Small rounds for tests.

import ParleyModel

/// A round of one suite on some models; each model has one configuration of its name.
func testRound(
    name: RoundName = "round",
    models: [ModelName] = ["m"],
    samples: Int = 4,
    epochs: Int = 1,
    judges: [ModelName] = [],
    combination: Grader.Combination = .majority,
    concurrency: Int = 1000
) -> RoundDefinition {
    let grader = Grader(
        version: "1",
        judges: judges.map { ConfigurationName($0.text) },
        rubric: "GRADE: A or B",
        scale: ["A": .one, "B": .zero],
        combination: combination
    )
    let suite = Suite(
        name: "suite",
        title: "Suite",
        party: "lab",
        areas: [],
        dataset: FrozenDataset(source: "test", count: samples, digest: ContentHash(of: Array("digest".utf8))),
        solver: Solver(),
        scorer: Scorer(kind: judges.isEmpty ? .exact : .modelGraded, grader: judges.isEmpty ? nil : grader),
        epochs: epochs
    )
    return RoundDefinition(
        name: name,
        title: "Round",
        tier: .bilateral,
        currency: "USD",
        seed: 1,
        isSimulated: true,
        parties: [Party(name: "lab", title: "Lab", role: .lab)],
        models: (models + judges).map {
            ModelDefinition(
                name: $0,
                party: "lab",
                provider: .openai,
                baseURL: "http://localhost",
                modelID: $0.text,
                account: "lab",
                concurrency: concurrency
            )
        },
        configurations: (models + judges).map { Configuration(name: ConfigurationName($0.text), model: $0) },
        suites: [suite],
        cells: models.map { Cell(suite: "suite", configuration: ConfigurationName($0.text)) },
        budgets: []
    )
}
