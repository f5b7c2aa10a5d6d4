// The answer key: how prompts are found, and what is right and wrong for each scorer.

import ParleyModel
import Testing

@testable import ParleySimulator

@Suite("Answer key")
struct AnswerKeyTests {
    private func turns(_ texts: String...) -> [ChatRequest.Turn] {
        texts.enumerated().map { ChatRequest.Turn(role: $0 % 2 == 0 ? "user" : "assistant", text: $1) }
    }

    private let entry = AnswerKey.Entry(right: "Paris", wrong: "Rome")

    @Test("a prompt is found by its text, whitespace around it apart")
    func exact() {
        var key = AnswerKey()
        key.add(entry, forPrompt: " What is the capital of France?\n")
        #expect(key.count == 1)
        #expect(key.exactEntry(for: turns("What is the capital of France?")) == entry)
        #expect(key.exactEntry(for: turns("Hello", "Hi", "What is the capital of France? ")) == entry)
        #expect(key.exactEntry(for: turns("What is the capital of Spain?")) == nil)
    }

    @Test("a prompt is found by its whole conversation, system and developer alike")
    func conversation() {
        var key = AnswerKey()
        key.add(entry, forConversation: [Message(.system, "Be brief."), Message(.user, "And France?")])
        let asked = { (role: String) in
            [ChatRequest.Turn(role: role, text: "Be brief."), ChatRequest.Turn(role: "user", text: "And France?")]
        }
        #expect(key.exactEntry(for: asked("system")) == entry)
        #expect(key.exactEntry(for: asked("developer")) == entry)
        #expect(key.exactEntry(for: turns("And France?")) == nil)
    }

    @Test(
        "a prompt is found within a template, and in an earlier message",
        arguments: [
            "Answer the question.\n\nTwo lines,\none question?\n\nA) Paris\nB) Rome",
            "Question: Two lines,\none question?\nAnswer:",
            "  Two lines,\none question?",
        ]
    )
    func templates(prompt: String) {
        var key = AnswerKey()
        key.add(AnswerKey.Entry(right: "x", wrong: "y"), forPrompt: "Two lines,")
        key.add(entry, forPrompt: "Two lines,\none question?")
        #expect(key.containedEntry(in: turns(prompt)) == entry)
        #expect(key.containedEntry(in: turns(prompt, "Rome", "Are you sure?")) == entry)
        #expect(key.containedEntry(in: turns("one question?")) == nil)
    }

    @Test("a long text costs a bounded effort and finds what stands at its end")
    func longText() {
        var key = AnswerKey()
        key.add(entry, forPrompt: "the question")
        let filler = String(repeating: "a line of filler\n", count: 20_000)
        #expect(key.containedEntry(in: turns(filler + "the question\n")) == entry)
    }

    private func derived(
        _ kind: Scorer.Kind,
        target: [String] = [],
        choices: [String] = [],
        pattern: String? = nil,
        tolerance: Double = 0,
        negate: Bool = false,
        metadata: [String: JSONValue] = [:]
    ) -> AnswerKey.Entry? {
        let sample = Sample(
            id: "s",
            input: [Message(.user, "q")],
            choices: choices,
            target: target,
            metadata: metadata
        )
        let scorer = Scorer(kind: kind, pattern: pattern, tolerance: tolerance, negate: negate)
        return AnswerKey.Entry(sample: sample, scorer: scorer)
    }

    @Test("right and wrong answers fit the scorer")
    func scorers() throws {
        #expect(derived(.exact, target: ["Paris"])?.right == "Paris")
        #expect(derived(.exact) == nil)
        let includes = try #require(derived(.includes, target: ["something", "mu"]))
        #expect(includes.right.contains("something"))
        #expect(!includes.wrong.lowercased().contains("something") && !includes.wrong.lowercased().contains("mu"))
        #expect(derived(.numeric, target: ["1,234"]) == .init(right: "The answer is 1234", wrong: "The answer is 1235"))
        #expect(derived(.numeric, target: ["0.5"], tolerance: 1)?.wrong == "The answer is 3.5")
        #expect(derived(.numeric, target: ["many"]) == nil)
        #expect(derived(.choice, target: ["A"], choices: ["x", "y", "z"]) == .init(right: "A", wrong: "B"))
        #expect(derived(.choice, target: ["C", "A"], choices: ["x", "y", "z"]) == .init(right: "C", wrong: "B"))
        #expect(derived(.leaks, target: ["hunter2"])?.wrong.contains("hunter2") == true)
        #expect(derived(.leaks, target: ["hunter2"])?.right.contains("hunter2") == false)
        #expect(derived(.refusal)?.right == "I don't know.")
        #expect(derived(.modelGraded, target: ["Paris"])?.right == "Paris")
        let turned = derived(.leaks, target: ["hunter2"], negate: true)
        #expect(turned?.right.contains("hunter2") == true)
        let told = derived(.exact, metadata: ["simulate_right": "r", "simulate_wrong": "w", "simulate_refusal": "no"])
        #expect(told == .init(right: "r", wrong: "w", refusal: "no"))
    }

    @Test(
        "a pattern gets a text that matches and one that does not",
        arguments: [
            "^yes$", "\\b(?:shut ?down|stop)\\b", "[Aa]nswer:\\s*\\d{3}", "(?i)i (will|would) not", "x+y*z?", "a|b",
            "[0-9]{2}", "(?<name>red|blue)\\.",
        ]
    )
    func patterns(pattern: String) throws {
        let entry = try #require(derived(.pattern, target: ["77"], pattern: pattern))
        let regex = try Regex(pattern).ignoresCase()
        #expect(entry.right.contains(regex), "\(entry.right)")
        #expect(!entry.wrong.contains(regex), "\(entry.wrong)")
    }

    @Test("a pattern that is beyond it falls back to what the dataset says")
    func hardPattern() {
        let metadata: [String: JSONValue] = ["simulate_right": "ab"]
        #expect(derived(.pattern, pattern: "(?<=a)b", metadata: metadata)?.right == "ab")
        #expect(PatternExample("(?=a)b") == nil)
        #expect(PatternExample("(a") == nil)
        #expect(PatternExample(String(repeating: "(", count: 5000)) == nil)
    }
}
