// A round of an evaluator and some labs, each with a model and a configuration, all compared with one another on one
// suite: what a lab may leave.

import ParleyModel

@testable import ParleyEvidence

enum MediatedRound {
    static let labs: [PartyName] = ["north", "south", "west"]

    static func definition(of labs: [PartyName] = labs) -> RoundDefinition {
        let pairs = labs.indices.flatMap { left in labs.indices.dropFirst(left + 1).map { (labs[left], labs[$0]) } }
        var definition = RoundDefinition(
            name: "autumn",
            title: "Autumn",
            tier: .mediated,
            currency: "USD",
            seed: 11,
            isSimulated: true,
            parties: [Party(name: "judge-house", title: "The evaluator", role: .evaluator)]
                + labs.map { Party(name: $0, title: "\($0) laboratories", role: .lab) },
            models: labs.map { lab in
                ModelDefinition(
                    name: ModelName("\(lab)-agent"),
                    party: lab,
                    access: .internal,
                    provider: .openai,
                    baseURL: "https://models.\(lab).example/v1",
                    modelID: "\(lab)-9000",
                    account: lab.text
                )
            },
            configurations: labs.map { Configuration(name: configuration($0), model: ModelName("\($0)-agent")) },
            suites: [
                Suite(
                    name: "sums",
                    title: "Sums",
                    party: "judge-house",
                    areas: [.aiControl],
                    dataset: FrozenDataset(source: "-", count: 4, digest: ContentHash(of: [])),
                    solver: Solver(),
                    scorer: Scorer(kind: .numeric)
                )
            ],
            cells: labs.map { Cell(suite: "sums", configuration: configuration($0)) },
            budgets: [Budget(tokens: 1_000_000)] + labs.map { Budget(party: $0, tokens: 1000) },
            comparability: labs.map {
                Comparability(suite: "sums", configuration: configuration($0), flag: .scaffoldTunedFor)
            }
        )
        definition.signatures = labs.count + 1
        definition.primary = pairs.map {
            PrimaryFinding(suite: "sums", left: configuration($0), right: configuration($1), effect: .one)
        }
        return definition
    }

    static func configuration(_ lab: PartyName) -> ConfigurationName { ConfigurationName("\(lab)-high") }

    static let secrets = labs.map { PartySecret(party: $0) }

    static func secrets(without lab: PartyName) -> [PartySecret] { secrets.filter { $0.party != lab } }
}
