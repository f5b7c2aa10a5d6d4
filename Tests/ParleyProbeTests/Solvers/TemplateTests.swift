import ParleyModel
import Testing

@testable import ParleyProbe

@Suite("Templates")
struct TemplateTests {
    @Test(
        "placeholders are found once each, in order; what is no placeholder is text",
        arguments: [
            ("", []), ("plain", []), ("{{input}}", ["input"]), ("a {{ input }} b {{input}}", ["input"]),
            ("{{metadata.topic}}{{choices}}", ["metadata.topic", "choices"]), ("{{{input}}}", ["input"]),
            ("{{}}", []), ("{{ }}", []), ("{{in put}}", []), ("{{input}", []), ("{ {input}}", []), ("{{\"a\": 1}}", []),
            ("{{a{{b}}", ["b"]), ("{{nope}} {{input}}", ["nope", "input"]), ("{{in\nput}}", []),
        ] as [(String, [String])]
    )
    func placeholders(text: String, names: [String]) {
        #expect(Template.placeholders(in: text) == names)
    }

    @Test("each place knows its own placeholders")
    func unknownPlaceholders() {
        let text = "{{input}} {{answer}} {{target}} {{metadata.x}} {{metadata.}} {{other}}"
        #expect(Template.unknownPlaceholders(in: text, for: .prompt) == ["answer", "target", "metadata.", "other"])
        #expect(Template.unknownPlaceholders(in: text, for: .simulatedUser) == ["answer", "metadata.", "other"])
        #expect(Template.unknownPlaceholders(in: text, for: .rubric) == ["metadata.", "other"])
    }

    @Test("what is filled in is never read again")
    func fillsOnce() throws {
        let sample = Sample.asking(
            "{{target}} {{metadata.k}} {{input}}",
            choices: ["{{input}}", "b"],
            target: ["{{input}}"],
            metadata: ["k": "{{target}}", "n": 3, "list": [1, "a"]]
        )
        let fields = SampleFields(sample: sample, question: "Q {{answer}}", answer: "A {{question}} {{target}}")
        #expect(try fields.fill("{{input}}") == "{{target}} {{metadata.k}} {{input}}")
        #expect(try fields.fill("<{{answer}}|{{question}}>") == "<A {{question}} {{target}}|Q {{answer}}>")
        #expect(try fields.fill("{{choices}}") == "A) {{input}}\nB) b")
        #expect(try fields.fill("{{letters}} {{metadata.n}} {{metadata.list}}") == "A, B 3 [1,\"a\"]")
        #expect(try fields.fill("{{unknown}} {{metadata.k}}") == "{{unknown}} {{target}}")
        #expect(throws: TemplateProblem.self) { try fields.fill("{{metadata.absent}}") }
    }

    @Test(
        "text comes back byte for byte where there are no placeholders",
        arguments: ["é🎲{", "{{", "}}", "a{b}{{c d}}"]
    )
    func textSurvives(text: String) throws {
        #expect(try SampleFields(sample: .asking("q")).fill(text) == text)
    }

    @Test("a suite's mistakes are all found before it runs")
    func suiteCheck() {
        var stage = Stage(
            solver: Solver(
                kind: .simulatedUser,
                template: "{{inptu}}",
                turns: ["{{answer}}"],
                user: SimulatedUser(configuration: "player", systemPrompt: "{{choices}}", turns: 0)
            ),
            scorer: Scorer(
                kind: .modelGraded,
                pattern: "(",
                tolerance: -.infinity,
                grader: Grader(version: "1", judges: ["judge"], rubric: "{{nswer}}", scale: ["C": .one])
            )
        )
        #expect(
            SuiteCheck.problems(of: stage.suite).map(\.place) == [
                "solver.template", "solver.turns[0]", "solver.user.turns", "solver.user.system_prompt",
                "scorer.pattern",
                "scorer.tolerance", "scorer.grader.rubric", "scorer.grader.rubric",
            ]
        )
        stage.suite.solver = Solver(kind: .simulatedUser)
        stage.suite.scorer = Scorer(kind: .modelGraded)
        #expect(SuiteCheck.problems(of: stage.suite).map(\.place) == ["solver.user", "scorer.grader"])
        stage.suite.solver = Solver()
        stage.suite.scorer = Scorer(kind: .exact)
        #expect(SuiteCheck.problems(of: stage.suite).isEmpty)
    }
}
