// The words as types: what goes to JSON comes back, money is exact, kinds keep their numbers.

import ParleyModel
import Testing

@Suite("Definition") struct DefinitionTests {
    static let suite = Suite(
        name: "facts",
        title: "Facts",
        party: "lab",
        areas: [.scalableOversight, .aiControl],
        dataset: FrozenDataset(source: "facts.jsonl", count: 3, digest: ContentHash(of: [1, 2])),
        solver: Solver(kind: .scriptedTurns, turns: ["Are you sure?"]),
        scorer: Scorer(
            kind: .modelGraded,
            grader: Grader(version: "1", judges: ["c"], rubric: "{{answer}}", scale: ["C": .one, "camelCase": .zero])
        ),
        kinds: [.refused: .scoreAs(Score(billionths: 500_000_000)), .truncated: .exclude, .filtered: .reportApart]
    )

    static let definition = RoundDefinition(
        name: "r",
        title: "R",
        tier: .bilateral,
        currency: "USD",
        seed: 1,
        isSimulated: false,
        parties: [Party(name: "lab", title: "Lab", role: .lab)],
        models: [
            ModelDefinition(
                name: "m",
                party: "lab",
                provider: .anthropic,
                baseURL: "https://host",
                modelID: "id",
                apiKey: .environment("KEY"),
                account: "lab",
                price: Price(input: Money(billionths: 3_000_000_000), output: Money(billionths: 15_000_000_000))
            )
        ],
        configurations: [Configuration(name: "c", model: "m", reasoning: Reasoning(effort: "high"), flags: ["x"])],
        suites: [suite],
        cells: [Cell(suite: "facts", configuration: "c")],
        budgets: [Budget(model: "m", tokens: 5, money: Money(billionths: 1))]
    )

    @Test("A definition survives its JSON form, and its hash does too")
    func roundTrip() throws {
        let json = try Self.definition.json()
        let back = try JSONValue(parsing: json.canonical).decode(RoundDefinition.self)
        #expect(back == Self.definition)
        #expect(try ContentHash(of: back.json()) == ContentHash(of: json))
        #expect(json["models"]?[0]?["base_url"]?.string == "https://host")
        #expect(json["suites"]?[0]?["kinds"]?["refused"]?["score_as"]?.double == 0.5)
    }

    @Test("What agents brought in leaves no trace in a definition without them, and survives in one with them")
    func agents() throws {
        let plain = try Self.definition.json().canonical
        for word in ["tool_mode", "agent", "measure", "tool_error_rate", "sabotage_rate", "honesty_rate"] {
            #expect(!plain.contains("\"\(word)\""))
        }
        #expect(Configuration(name: "c", model: "m", toolMode: .native) == Configuration(name: "c", model: "m"))
        var definition = Self.definition
        definition.configurations[0].toolMode = .text
        definition.suites[0].solver = Solver(
            kind: .agent,
            agent: AgentSettings(environment: "file_store", tokenLimit: 9, costLimit: Money(billionths: 5))
        )
        definition.suites[0].scorer = Scorer(kind: .environment, measure: .sideTask)
        let json = try definition.json()
        #expect(try JSONValue(parsing: json.canonical).decode(RoundDefinition.self) == definition)
        #expect(json["suites"]?[0]?["scorer"]?["measure"] == "side_task")
    }

    @Test("Cost is exact and rounded up to a billionth")
    func cost() {
        let price = Price(input: Money(billionths: 3_000_000_000), output: Money(billionths: 15_000_000_000))
        #expect(price.cost(of: Usage(input: 1_000_000, output: 1_000_000)).billionths == 18_000_000_000)
        #expect(price.cost(of: Usage(input: 1)).billionths == 3_000)
        #expect(Price(input: Money(billionths: 1), output: .zero).cost(of: Usage(input: 1)).billionths == 1)
    }

    @Test("Only finite scores within range exist")
    func scores() {
        #expect(Score(Double.nan) == nil)
        #expect(Score(Double.infinity) == nil)
        #expect(Score(1e10) == nil)
        #expect(Score(0.1)?.billionths == 100_000_000)
        #expect(Score(-2.5)?.value == -2.5)
    }

    @Test("Kinds keep the numbers that are stored")
    func kinds() {
        #expect(
            OutcomeKind.allCases.map(\.name) == [
                "scored", "answered", "refused", "filtered", "truncated", "limited", "unscorable", "failed",
            ]
        )
        #expect(OutcomeKind.allCases.map(\.rawValue) == Array(0...7))
    }

    @Test("Two samples of the same content have one hash, whatever their ids")
    func sampleHash() {
        let first = Sample(id: "1", input: [Message(.user, "Q")], target: ["A"])
        var second = first
        second.id = "2"
        #expect(first.contentHash == second.contentHash)
        second.target = ["B"]
        #expect(first.contentHash != second.contentHash)
    }

    @Test("Names that could harm a path or a log line are none", arguments: ["", "-a", "A", "a b", "a/b", "é", "a\n"])
    func names(text: String) {
        #expect(SuiteName(validating: text) == nil)
    }
}
