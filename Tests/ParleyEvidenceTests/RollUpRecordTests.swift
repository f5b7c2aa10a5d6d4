// The roll-ups and surprises of a small round: which cells make which groups, names, order, and what is not there.

import ParleyEvidence
import ParleyModel
import Testing

@Suite("Roll-ups of a round") struct RollUpRecordTests {
    private static let suites: [SuiteName] = ["s0", "s1", "s2", "s3", "graded"]
    private static let areas: [[Area]] = [
        [.aiControl], [.aiControl, .modelWelfare], [.adversarialRobustness], [.aiControl], [.aiControl],
    ]

    private static func definition(order: [Int]) -> RoundDefinition {
        let scale: [String: Score] = ["C": Score(billionths: 3_000_000_000), "I": .zero]
        let models: [(ModelName, PartyName)] = [("north", "north-lab"), ("south", "south-lab")]
        let configurations: [Configuration] = [
            Configuration(name: "a", model: "north"), Configuration(name: "b", model: "south"),
        ]
        return RoundDefinition(
            name: "r",
            title: "R",
            tier: .bilateral,
            currency: "USD",
            seed: 1,
            isSimulated: true,
            parties: [
                Party(name: "north-lab", title: "North", role: .lab),
                Party(name: "south-lab", title: "South", role: .lab),
            ],
            models: models.map {
                ModelDefinition(
                    name: $0,
                    party: $1,
                    provider: .openai,
                    baseURL: "http://host/v1",
                    modelID: "m",
                    account: "x"
                )
            },
            configurations: configurations,
            suites: order.map { number in
                Suite(
                    name: suites[number],
                    title: "T",
                    party: number < 2 ? "north-lab" : "south-lab",
                    areas: areas[number],
                    family: number < 2 ? "controls" : nil,
                    dataset: FrozenDataset(source: "x", count: 40, digest: ContentHash(of: [1])),
                    solver: Solver(),
                    scorer: number < 4
                        ? Scorer(kind: .exact)
                        : Scorer(
                            kind: .modelGraded,
                            grader: Grader(version: "1", judges: ["a"], rubric: "{{answer}}", scale: scale)
                        )
                )
            },
            cells: order.flatMap { number in
                ["a", "b"].map { Cell(suite: suites[number], configuration: $0) }
            },
            budgets: []
        )
    }

    /// `a` is right on 30 of 40 and `b` on 20, but on `s3` the other way round.
    private static func findings(order: [Int] = [0, 1, 2, 3, 4]) throws -> FindingsDocument {
        let definition = definition(order: order)
        var assembler = FindingsAssembler(definition: definition)
        for (index, cell) in definition.cells.enumerated() {
            let right = (cell.configuration == "a") != (cell.suite == "s3") ? 30 : 20
            for sample in 0..<40 {
                try assembler.add(
                    FindingsInput(
                        cell: index,
                        sample: sample,
                        epoch: 0,
                        kind: .scored,
                        score: sample * 7 % 40 < right ? .one : .zero,
                        usage: Usage(input: 1, output: 1),
                        cost: .zero,
                        latencyMicros: 5
                    )
                )
            }
        }
        return try assembler.findings(modelsReturned: [:], asOf: nil)
    }

    @Test("stand for all six areas, for families, for the parties of suites and models, and for the whole round")
    func groups() throws {
        let found = try Self.findings().rollUps
        #expect(found.prefix(6).map(\.name) == Area.allCases.map(\.rawValue))
        #expect(
            found.dropFirst(6).map(\.grouping) == [.family, .suiteParty, .suiteParty, .modelParty, .modelParty, .tier]
        )
        #expect(
            found.dropFirst(6).map(\.name) == [
                "controls", "north-lab", "south-lab", "north-lab", "south-lab", "bilateral",
            ]
        )
        let control = try #require(found.first { $0.name == "AI control" })
        #expect(control.cells == 6 && control.suites == 3 && control.leftOut.onAnotherScale == 2)
        #expect(control.mean == 0.625)
        #expect(control.lowest == RollUpRecord.Member(suite: "s0", configuration: "b", estimate: 0.5))
        #expect(control.highest == RollUpRecord.Member(suite: "s0", configuration: "a", estimate: 0.75))
        let none = try #require(found.first { $0.name == "mech-interp" })
        #expect(none.cells == 0 && none.mean == nil && none.heterogeneity == nil)
        #expect(found.map(\.cells) == [0, 2, 6, 0, 0, 2, 4, 4, 4, 4, 4, 8])
    }

    @Test("survive their JSON form")
    func roundTrip() throws {
        let found = try Self.findings()
        let json = try JSONValue(encoding: found)
        #expect(try JSONValue(parsing: json.canonical).decode(FindingsDocument.self) == found)
        #expect(json["roll_ups"]?[2]?["heterogeneity"]?["i_squared"]?.double != nil)
    }

    @Test("say what is far from its like, the farthest first and ties by name, whatever the order of the suites")
    func surprises() throws {
        let found = try Self.findings().surprises
        #expect(found.map(\.suite) == ["s3", "s0", "s1", "s2"])
        let first = try #require(found.first)
        #expect(first.configuration == "a" && first.comparedWith == "b")
        #expect(first.z < -2 && first.others == 3 && first.estimate == -0.25)
        #expect((first.expected - 0.25).magnitude < 1e-12)
        let other = try Self.findings(order: [4, 3, 1, 0, 2]).surprises
        #expect(other.map(\.suite) == found.map(\.suite))
    }
}
