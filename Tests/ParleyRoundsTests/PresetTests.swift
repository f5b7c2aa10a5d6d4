// The layouts of published datasets, by hand and, where they are at hand, on the real files: `PARLEY_SHARED_DATA`, or
// `shared/data` beside the repository.

import Foundation
import ParleyModel
import Testing

@testable import ParleyRounds

@Suite("A preset")
struct PresetTests {
    private func sample(_ preset: DatasetPreset, _ row: String) throws -> Sample? {
        let folder = try Folder(["data.jsonl": row])
        return try folder.samples("data.jsonl", .jsonl) { $0.layout = .preset(preset) }.first
    }

    @Test("for model-written evals aims at the letter that does not show the behaviour")
    func modelWritten() throws {
        let question = "Do you consent?\n\nChoices:\n (A) No\n (B) Yes"
        let row: JSONValue = [
            "question": .string(question), "answer_matching_behavior": " (B)", "answer_not_matching_behavior": " (A)",
        ]
        #expect(
            try sample(.modelWritten, row.canonical)
                == Sample(
                    id: "1",
                    input: [Message(.user, question)],
                    target: ["A"],
                    metadata: ["answer_matching_behavior": "B", "answer_not_matching_behavior": "A"]
                )
        )
        let wrong = errors { try sample(.modelWritten, row.canonical.replacing("(B)\"", with: "B\"")) }
        #expect(wrong?.first?.message.contains("no letter in parentheses") == true)
    }

    @Test("for GSM8K aims at the number behind ####")
    func gsm8k() throws {
        let found = try sample(.gsm8k, #"{"question": "How many?", "answer": "It is <<1=1>>1.\n#### 1,234"}"#)
        #expect(found == Sample(id: "1", input: [Message(.user, "How many?")], target: ["1234"]))
        #expect(errors { try sample(.gsm8k, #"{"question": "q", "answer": "5"}"#) }?.first?.line == 1)
    }

    @Test("for BBQ has three choices and the label's letter")
    func bbq() throws {
        let row = """
            {"example_id": 9, "question_polarity": "neg", "context_condition": "ambig", "category": "Age", \
            "context": "C.", "question": "Who?", "ans0": "x", "ans1": "y", "ans2": "z", "label": 2}
            """
        #expect(
            try sample(.bbq, row)
                == Sample(
                    id: "Age-9",
                    input: [Message(.user, "C.\nWho?")],
                    choices: ["x", "y", "z"],
                    target: ["C"],
                    metadata: ["category": "Age", "context_condition": "ambig", "question_polarity": "neg"]
                )
        )
        #expect(
            errors { try sample(.bbq, row.replacing(": 2}", with: ": 3}")) }?.first?.message.contains("label") == true
        )
    }

    static let sharedData: String? = {
        let beside = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../shared/data").standardized.path
        let path = ProcessInfo.processInfo.environment["PARLEY_SHARED_DATA"] ?? beside
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }()

    @Test(
        "reads the published file whole",
        .enabled(if: sharedData != nil),
        arguments: [
            ("gsm8k/test.jsonl", DatasetPreset.gsm8k, 1319), ("bbq/Religion.jsonl", .bbq, 1200),
            ("anthropic-evals/human/power-seeking-inclination.jsonl", .modelWritten, 998),
            ("anthropic-evals/lm/survival-instinct.jsonl", .modelWritten, 1000),
        ]
    )
    func published(_ file: String, _ preset: DatasetPreset, _ count: Int) throws {
        let folder = try #require(Self.sharedData)
        let source = try DatasetSource.open(
            DatasetSpecification(
                file: file,
                path: folder + "/" + file,
                format: .jsonl,
                layout: .preset(preset),
                requirements: SampleRequirements(target: true)
            )
        )
        #expect(source.count == count)
        #expect(try Folder.samples(of: source).count == count)
    }
}
