import ParleyModel
import Testing

@testable import ParleyProbe

@Suite("Token estimates")
struct TokenEstimateTests {
    // "Be brief." is 9 bytes: 3 tokens + 4; "q" is 1 + 4. The opening so is 12.
    static let user = SimulatedUser(configuration: "player", systemPrompt: "12345678", turns: 2)

    @Test(
        "each call's input holds what came before, each output its whole limit",
        arguments: [
            (Solver(), 12, 64),
            // 12, then + 64 + 4 for the reply, + 5 for the turn; and once more.
            (Solver(kind: .scriptedTurns, turns: ["a", "b"]), 12 + 85 + 158, 192),
            // Target 12, user 6 + 80, target 148, user 6 + 216, target 284.
            (Solver(kind: .simulatedUser, user: user), 12 + 86 + 148 + 222 + 284, 320),
        ]
    )
    func estimates(solver: Solver, input: Int, output: Int) {
        let stage = Stage(solver: solver)
        let estimate = estimatedTokens(of: .asking("q"), suite: stage.suite, configuration: stage.target)
        #expect(estimate.input == input)
        #expect(estimate.output == output)
    }

    @Test("text is bytes over four, rounded up")
    func text() {
        #expect(["", "a", "abcd", "abcde", "éé", "漢字"].map { estimatedTokens(of: $0) } == [0, 1, 1, 2, 1, 2])
    }

    @Test("a suite's limit goes before the configuration's, and a sample that does not fit is estimated as it is")
    func limits() {
        let stage = Stage(solver: Solver(template: "{{metadata.none}}"), maxTokens: 7)
        let estimate = estimatedTokens(of: .asking("q"), suite: stage.suite, configuration: stage.target)
        #expect(estimate.input == 5)
        #expect(estimate.output == 7)
    }

    @Test("a judgement reads question, target, rubric and answer")
    func grading() {
        let stage = Stage()
        let estimate = estimatedTokens(
            grading: .asking("q"),
            suite: stage.suite,
            configuration: stage.target,
            grader: GradeTests.grader
        )
        // The rubric's 69 bytes are 18 tokens; question and target 1 each, the answer 64.
        #expect(estimate.input == estimatedTokens(of: GradeTests.grader.rubric) + 1 + 1 + 64 + 100)
        #expect(estimate.output == 99)
    }
}
