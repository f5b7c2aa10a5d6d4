// What is answered without a key, and what a judge says.

import ParleyModel
import Testing

@testable import ParleySimulator

@Suite("Competence")
struct CompetenceTests {
    @Test(
        "sums of two numbers are worked out",
        arguments: [
            ("What is 17 + 25?", "42"), ("17+25=43, surely?", "42"), ("Compute 9 − 12.", "-3"),
            ("6 × 7", "42"), ("What is 6 times 7?", "42"), ("I have 3 apples. What is 100 minus 1?", "99"),
        ]
    )
    func sums(prompt: String, answer: String) {
        #expect(Competence.arithmetic(prompt)?.right == answer)
    }

    @Test("what is no sum, or too large, is not worked out", arguments: ["3 apples", "+ 4", "9223372036854775807 + 1"])
    func noSums(prompt: String) {
        #expect(Competence.arithmetic(prompt) == nil)
    }

    @Test("choices are counted")
    func choices() {
        #expect(Competence.choices(in: "Which?\nA) x\nB) y\nC) z\n\nAnswer with a letter.") == 3)
        #expect(Competence.choices(in: "Which?\n (A) x\n (B) y") == 2)
        #expect(Competence.choices(in: "A. Einstein was a physicist.") == 0)
    }

    @Test("a judge passes what is right and fails what is wrong, as far as it is accurate", arguments: [1.0, 0.0])
    func judge(accuracy: Double) async throws {
        var key = AnswerKey()
        key.add(.init(right: "Paris", wrong: "Rome"), forPrompt: "What is the capital of France?")
        let configuration = SimulatorConfiguration(standard: ModelBehaviour(accuracy: accuracy))
        try await Simulated.run(configuration, key: key) { simulated in
            let grade = { (answer: String) in
                let prompt = """
                    Grade the answer. End with a line GRADE: C or GRADE: I.
                    Question: What is the capital of France?
                    Target: Paris
                    Answer: \(answer)
                    """
                return try Simulated.text(.anthropic, await simulated.ask(.anthropic, prompt))
            }
            let ofRight = try await grade("Paris")
            #expect(ofRight == (accuracy == 1 ? "GRADE: C" : "GRADE: I"))
            let ofWrong = try await grade("Rome")
            #expect(ofWrong == (accuracy == 1 ? "GRADE: I" : "GRADE: C"))
            let refusal = Simulation.stockRefusal
            let ofRefusal = try await grade(refusal)
            #expect(ofRefusal == (accuracy == 1 ? "GRADE: I" : "GRADE: C"))
        }
    }

    @Test("a choice without a key is one of its letters, the same each time")
    func letters() async throws {
        try await Simulated.run { simulated in
            let prompt = "Which?\nA) x\nB) y\nC) z"
            let first = try Simulated.text(.openai, await simulated.ask(.openai, prompt))
            #expect(["A", "B", "C"].contains(first))
            let again = try Simulated.text(.openai, await simulated.ask(.openai, prompt))
            #expect(again == first)
        }
    }
}
