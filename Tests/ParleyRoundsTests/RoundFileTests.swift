// Right round files: what each key becomes in the definition.

import Foundation
import ParleyModel
import ParleyRounds
import Testing

@Suite("A round file")
struct RoundFileTests {
    static let full = """
        round: full
        title: Everything
        tier: mediated
        currency: EUR
        seed: 2_026
        parties:
          - { name: metro, title: Metro, role: evaluator }
          - { name: lab-a, role: lab }
        models:
          - &base
            name: agent
            party: lab-a
            access: internal
            provider: openai
            base_url: http://127.0.0.1:18081/v1/
            model: Agent-7
            api_key: env:AGENT_KEY
            account: shared
            concurrency: 4
            timeout: 90s
            price: { input: 3, output: 15, cache_read: 0.3, cache_write: 3.75 }
            proxy: http://proxy:3128
            unsupported_parameters: [temperature]
            simulate: { accuracy: 0.9, refusal_rate: 0.02, error_rate: 0.01, latency: 50ms }
          - <<: *base
            name: judge
            provider: anthropic
            base_url: https://api.anthropic.com
        configurations:
          - name: agent-high
            model: agent
            system_prompt_file: prompts/system.txt
            system_role: developer
            reasoning: { effort: high, budget_tokens: 2048 }
            temperature: 0
            top_p: 0.9
            top_k: 40
            seed: 7
            stop: ["\\n"]
            max_tokens: 32
            safeguards_relaxed: true
            flags: [scaffold tuned for agent]
          - { name: judge, model: judge }
        suites:
          - name: turns
            title: Turns
            party: metro
            areas: [scalable oversight, model welfare]
            family: conversations
            dataset: { file: data/items.csv, fields: { input: question, target: answer }, limit: 2 }
            solver:
              kind: scripted_turns
              system_prompt: Be brief.
              template: "Q: {{input}} {{metadata.rule}}"
              few_shot: [{ input: a, answer: b }]
              turns: ["Are you sure?"]
            scorer:
              kind: model_graded
              version: "2"
              judges: [judge]
              rubric_file: prompts/rubric.txt
              scale: { C: 1, P: 0.5, I: 0 }
              combine: median
              max_tokens: 64
            epochs: 3
            epoch_reducer: at_least_2
            max_tokens: 16
            kinds: { refused: { score_as: 1 }, truncated: exclude, filtered: report_apart, scored: as_scored }
          - name: numbers
            party: metro
            areas: [mech-interp]
            dataset: data/items.csv
            solver:
              kind: simulated_user
              user: { configuration: judge, system_prompt: "Ask {{input}}", turns: 2, stop_phrase: DONE }
            scorer: { kind: numeric, tolerance: 0.5, negate: true }
        runs:
          - { suites: [turns, numbers], configurations: [agent-high] }
        budgets:
          - { tokens: 2_000_000, money: 5 }
          - { party: metro, money: 2.5 }
        """

    static func folder() throws -> Folder {
        try Folder([
            "round.yaml": full,
            "data/items.csv":
                "input,target,question,answer,metadata.rule\n1,2,what?,3,x\n4,5,why?,6,y\n7,8,who?,9,z\n",
            "prompts/system.txt": "You are an agent.", "prompts/rubric.txt": "{{question}} {{answer}}\nGRADE: X",
        ])
    }

    static func withMetadata() throws -> Folder {
        let folder = try folder()
        let mapped = full.replacing("answer }, limit: 2", with: "answer, metadata: [rule] }, limit: 2")
        try folder.write("round.yaml", mapped)
        try folder.write(
            "data/items.csv",
            "input,target,question,answer,rule\n1,2,what?,3,x\n4,5,why?,6,y\n7,8,who?,9,z\n"
        )
        return folder
    }

    @Test("becomes a definition with every key in its place")
    func everyKey() throws {
        let plan = try Self.withMetadata().plan()
        let round = plan.definition
        #expect(round.name == "full" && round.title == "Everything" && round.tier == .mediated)
        #expect(round.currency == "EUR" && round.seed == 2026 && !round.isSimulated)
        #expect(
            round.parties == [
                Party(name: "metro", title: "Metro", role: .evaluator),
                Party(name: "lab-a", title: "lab-a", role: .lab),
            ]
        )
        let billion = Money.unit
        let price = Price(
            input: Money(billionths: 3 * billion),
            output: Money(billionths: 15 * billion),
            cacheRead: Money(billionths: 300_000_000),
            cacheWrite: Money(billionths: 3_750_000_000)
        )
        #expect(
            round.models.first
                == ModelDefinition(
                    name: "agent",
                    party: "lab-a",
                    access: .internal,
                    provider: .openai,
                    baseURL: "http://127.0.0.1:18081/v1",
                    modelID: "Agent-7",
                    apiKey: .environment("AGENT_KEY"),
                    account: "shared",
                    concurrency: 4,
                    timeoutMilliseconds: 90_000,
                    price: price,
                    proxy: "http://proxy:3128",
                    unsupportedParameters: ["temperature"],
                    simulate: SimulatedBehaviour(
                        accuracy: 0.9,
                        refusalRate: 0.02,
                        errorRate: 0.01,
                        latencyMilliseconds: 50
                    )
                )
        )
        #expect(
            round.configurations.first
                == Configuration(
                    name: "agent-high",
                    model: "agent",
                    systemPrompt: "You are an agent.",
                    systemRole: .developer,
                    reasoning: Reasoning(effort: "high", budgetTokens: 2048),
                    sampling: Sampling(temperature: 0, topP: 0.9, topK: 40, seed: 7, stop: ["\n"]),
                    maxTokens: 32,
                    safeguardsRelaxed: true,
                    flags: ["scaffold tuned for agent"]
                )
        )
        #expect(
            round.cells == [
                Cell(suite: "turns", configuration: "agent-high"), Cell(suite: "numbers", configuration: "agent-high"),
            ]
        )
        #expect(
            round.budgets == [
                Budget(tokens: 2_000_000, money: Money(billionths: 5 * billion)),
                Budget(party: "metro", money: Money(billionths: 2_500_000_000)),
            ]
        )
    }

    @Test("keeps solver, scorer and treatments as they are written")
    func suiteParts() throws {
        let round = try Self.withMetadata().plan().definition
        let turns = try #require(round.suite("turns"))
        #expect(
            turns.solver
                == Solver(
                    kind: .scriptedTurns,
                    systemPrompt: "Be brief.",
                    template: "Q: {{input}} {{metadata.rule}}",
                    fewShot: [FewShotExample(input: "a", answer: "b")],
                    turns: ["Are you sure?"]
                )
        )
        let half = try #require(Score(0.5))
        #expect(
            turns.scorer.grader
                == Grader(
                    version: "2",
                    judges: ["judge"],
                    rubric: "{{question}} {{answer}}\nGRADE: X",
                    scale: ["C": .one, "P": half, "I": .zero],
                    combination: .median,
                    maxTokens: 64
                )
        )
        #expect(turns.epochs == 3 && turns.maxTokens == 16 && turns.dataset.count == 2)
        #expect(turns.epochReducer == .atLeast(2) && turns.family == "conversations")
        #expect(
            turns.kinds == [
                .refused: .scoreAs(.one), .truncated: .exclude, .filtered: .reportApart, .scored: .asScored,
            ]
        )
        let numbers = try #require(round.suite("numbers"))
        #expect(numbers.scorer == Scorer(kind: .numeric, tolerance: 0.5, negate: true))
        #expect(
            numbers.solver.user
                == SimulatedUser(
                    configuration: "judge",
                    systemPrompt: "Ask {{input}}",
                    turns: 2,
                    stopPhrase: "DONE"
                )
        )
    }

    @Test("whose template names metadata that a row lacks is wrong at that row")
    func missingMetadata() throws {
        let found = try Self.folder().diagnostics().filter { $0.severity == .error }
        #expect(found.map(\.line) == [2, 3, 4])
        #expect(found.allSatisfy { $0.message.contains("no metadata 'rule'") })
    }

    @Test("without runs follows its tier")
    func runsByTier() throws {
        let cells = try SmallRound.folder().plan().definition.cells
        #expect(cells == [Cell(suite: "suite-a", configuration: "model-b")])
        let all = try SmallRound.folder([("scorer: exact", "scorer: exact\nruns: all")]).plan().definition.cells
        #expect(all.map(\.configuration) == ["model-a", "model-b"])
        let mediated = try SmallRound.folder([("tier: bilateral", "tier: mediated"), ("role: lab", "role: evaluator")])
        #expect(try mediated.plan().definition.cells.map(\.configuration) == ["model-b"])
    }

    @Test("run in simulation keeps no key and asks only the simulator")
    func simulated() throws {
        let options = PlanOptions(isSimulated: true, simulatorURL: "http://127.0.0.1:9/")
        let round = try Self.withMetadata().plan(options).definition
        #expect(round.isSimulated)
        #expect(round.models.map(\.baseURL) == ["http://127.0.0.1:9/v1", "http://127.0.0.1:9"])
        #expect(round.models.allSatisfy { $0.apiKey == nil && $0.proxy == nil && $0.simulate != nil })
    }

    @Test("has the same keys as its JSON Schema")
    func schemaKeys() throws {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../schemas/json/round.schema.json")
        let schema = try JSONValue(parsing: [UInt8](Data(contentsOf: url)))
        for (definition, known) in SchemaKeys.byDefinition {
            let properties = (definition == "round" ? schema : schema["$defs"]?[definition])?["properties"]?.object
            #expect(Set(properties?.keys.map { $0 } ?? []) == known, "\(definition)")
        }
    }
}
