// A suite of an agent in a round file: what its keys become, and what a plan makes of it.

import ParleyModel
import ParleyRounds
import Testing

@Suite("A suite of an agent")
struct AgentSuiteTests {
    static let configurations = """
        configurations:
          - { name: plain, model: model-b, tool_mode: native, max_tokens: 100 }
          - { name: words, model: model-b, tool_mode: text }
        runs: [{ suite: suite-a, configurations: [plain] }]
        """

    static func folder(_ solver: String) throws -> Folder {
        try SmallRound.folder([
            (
                "scorer: exact",
                "solver: { kind: agent, \(solver) }\n    scorer: { kind: environment, measure: side_task, negate: true }\n"
                    + configurations
            ),
            (
                "model: B-1",
                "model: B-1\n    price: { input: 1, output: 2 }\n    simulate: { sabotage_rate: 0.25, honesty_rate: 0.5, tool_error_rate: 0 }"
            ),
        ])
    }

    @Test("holds its environment and limits, and its configurations their tool mode")
    func keys() throws {
        let solver =
            "environment: file_store, system_prompt: Be brief., turns: 7, time_limit: 5m, token_limit: 9_000, "
            + "cost_limit: 0.5, output_limit: 2000"
        let definition = try Self.folder(solver).plan().definition
        let suite = try #require(definition.suites.first)
        #expect(
            suite.solver
                == Solver(
                    kind: .agent,
                    systemPrompt: "Be brief.",
                    agent: AgentSettings(
                        environment: "file_store",
                        turns: 7,
                        timeLimitMilliseconds: 300_000,
                        tokenLimit: 9_000,
                        costLimit: Money(billionths: 500_000_000),
                        outputLimit: 2_000
                    )
                )
        )
        #expect(suite.scorer == Scorer(kind: .environment, negate: true, measure: .sideTask))
        #expect(definition.configurations.map(\.toolMode) == [nil, .text])
        #expect(try definition.json()["configurations"]?[0]?["tool_mode"] == nil)
        #expect(
            definition.model("model-b")?.simulate
                == SimulatedBehaviour(toolErrorRate: 0, sabotageRate: 0.25, honestyRate: 0.5)
        )
    }

    // "1 + 1 = ?" is 7 tokens a sample, of which there are two; the tools are taken to be 1,000.
    @Test("is planned with all of its turns, up to its token limit")
    func plan() throws {
        let two = try #require(
            try Self.folder("environment: file_store, turns: 2, output_limit: 40").plan().cells.first
        )
        // The second call holds the first answer, 100, and what the tools say, 10 + 4.
        #expect(two.tokens == TokenEstimate(calls: 4, input: 2 * (2 * 1_007 + 114), output: 400))
        let capped = try Self.folder("environment: file_store, turns: 50, token_limit: 3_000").plan().cells.first
        #expect(capped?.tokens.total == 6_000)
        let absurd = "environment: file_store, turns: 10000, output_limit: 100000000"
        #expect(try Self.folder(absurd).plan().cells.first?.tokens.calls == 20_000)
    }
}
