// A suite of an auditor in a round file, judged on axes: what its keys become, what a plan makes of it, and what is wrong.

import ParleyModel
import ParleyRounds
import Testing

@Suite("A suite of an auditor")
struct AuditSuiteTests {
    private static let configurations = """
        configurations:
          - { name: target, model: model-b, max_tokens: 100 }
          - { name: auditor, model: model-a, max_tokens: 50 }
          - { name: judge, model: model-a }
        runs: [{ suite: suite-a, configurations: [target] }]
        """
    private static let scorer = """
        scorer:
              kind: model_graded
              judges: [judge, auditor]
              axes: [{ name: truth, text: Is it true? }, { name: tone, text: Is it kind? }]
              rubric: "{{answer}} {{axis_text}} GRADE: C or I"
              scale: { C: 1, I: 0 }
        """

    private static func folder(_ solver: String, _ scorer: String = scorer) throws -> Folder {
        try SmallRound.folder([
            ("scorer: exact", "solver: { kind: auditor, \(solver) }\n    \(scorer)\n\(configurations)")
        ])
    }

    @Test("holds its auditor, its limits, and a grade job for each judge and axis")
    func keys() throws {
        let plan = try Self.folder("auditor: auditor, turns: 3, system_prompt: Be kind., token_limit: 900_000").plan()
        let suite = try #require(plan.definition.suites.first)
        var settings = AgentSettings(environment: AgentSettings.audit, turns: 3)
        settings.tokenLimit = 900_000
        #expect(
            suite.solver == Solver(kind: .auditor, systemPrompt: "Be kind.", agent: settings, auditor: "auditor")
        )
        #expect(suite.solver.helpers == ["auditor"])
        let grader = try #require(suite.scorer.grader)
        #expect(grader.judges == ["judge", "auditor", "judge", "auditor"] && grader.combination == .mean)
        #expect(grader.axes?.map(\.name) == ["truth", "tone"])
        #expect(grader.judges.indices.map { grader.axis(ofJudge: $0) } == [0, 0, 1, 1])
        #expect(grader.raters == ["judge.truth", "auditor.truth", "judge.tone", "auditor.tone"])
        let cell = try #require(plan.cells.first)
        #expect(cell.gradeJobs == 2 * 4)
        // Two samples: three calls of either model, and eight of judges.
        #expect(cell.tokens.calls == 2 * (3 + 3) + 8)
        #expect(cell.tokens.output == 2 * 3 * (100 + 50) + 8 * 256)
    }

    @Test(
        "that is wrong is named with the way out",
        arguments: [
            ("turns: 3", scorer, "auditor"),
            ("auditor: nobody", scorer, "no configuration is called 'nobody'"),
            ("auditor: auditor, environment: mailbox", scorer, "only agent takes it"),
            ("auditor: auditor, template: x", scorer, "the auditor writes what the target is sent"),
            ("auditor: auditor", scorer.replacing(" {{axis_text}}", with: ""), "names no axis"),
            ("auditor: auditor", scorer.replacing("name: tone", with: "name: truth"), "an axis stands twice"),
            ("auditor: auditor", scorer + "\n      combine: majority", "their mean"),
            ("auditor: auditor", scorer.replacing("axes: [", with: "# ["), "axis_text"),
        ]
    )
    func mistakes(solver: String, scorer: String, words: String) throws {
        let folder = try Self.folder(solver, scorer)
        let input = #expect(throws: InvalidInput.self) { try folder.plan() }
        #expect(input?.description.contains(words) == true, "\(input?.description ?? "nothing is wrong")")
    }
}
