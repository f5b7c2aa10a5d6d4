import ParleyModel
import Testing

@testable import ParleyProbe

@Suite("Reading choices")
struct ChoiceReaderTests {
    static let cities = ["Rome", "Paris", "New York", "York"]

    @Test(
        "the letter that an answer chooses",
        arguments: [
            ("B", "B"), ("b", "B"), ("(B)", "B"), ("B.", "B"), ("**B**", "B"), (" [B]\n", "B"), ("$\\boxed{B}$", "B"),
            ("ANSWER: B", "B"), ("Answer: b", "B"), ("answer:B", "B"), ("**Answer:** (B)", "B"),
            ("ANSWER: **B**.", "B"),
            ("A is wrong.\nANSWER: B", "B"), ("ANSWER: A\nNo, wait.\nANSWER: B", "B"), ("Answer: Paris", "B"),
            ("ANSWER: B) Paris", "B"), ("ANSWER: option B", "B"), ("Final Answer = B", "B"),
            ("the answer is B", "B"), ("The correct answer is (B) because it is.", "B"), ("The answer is: B.", "B"),
            ("I choose B", "B"), ("I'd pick option (B).", "B"), ("I would go with B, since …", "B"),
            ("B is correct.", "B"),
            ("(B) is the right choice", "B"), ("B) Paris", "B"), ("B. Paris", "B"), ("B: Paris", "B"),
            ("(b) Paris", "B"),
            ("B - Paris\nIt lies on the Seine.", "B"), ("Let me think.\n\nB", "B"),
            ("Well, it must be (B), I think.", "B"),
            ("I think that it is Paris.", "B"), ("paris", "B"), ("New York", "C"), ("It's New York!", "C"),
            ("York.", "D"),
            ("\u{202E}B\u{202C}", "B"), ("ANSWER: B\u{0}", "B"), ("The answer is A because of that", "A"),
            ("", nil), ("I do not know.", nil), ("A or B", nil), ("ANSWER: A or B", nil), ("ANSWER: A, B", nil),
            ("The answer is a matter of taste", nil), ("A) Rome\nB) Paris\nC) New York\nD) York", nil), ("E", nil),
            ("ANSWER: E", nil), ("ANSWER: X", nil), ("Rome or Paris", nil), ("(A) and (B)", nil), ("Parisian", nil),
            ("The answer is not B", nil), ("ANSWER:", nil), ("{{target}}", nil), ("A man walks in.", nil),
        ] as [(String, String?)]
    )
    func letters(answer: String, letter: String?) {
        #expect(ChoiceReader(choices: Self.cities).letter(in: answer) == letter)
    }

    @Test("numbers as choices are told apart, and equal choices choose nothing")
    func numbers() {
        let reader = ChoiceReader(choices: ["3", "3.5", "-3", "35"])
        #expect(["It is 3.5", "35", "3", "-3", "it's 3!"].map(reader.letter) == ["B", "D", "A", "C", "A"])
        #expect(ChoiceReader(choices: ["same", "same"]).letter(in: "same") == nil)
    }

    @Test(
        "scores",
        arguments: [
            ("B", ["B"], 1), ("B", ["A"], 0), ("B", ["a", "b"], 1), ("none", ["A"], 0), ("B", ["E"], nil),
            ("B", ["Paris"], nil),
            ("B", [], nil),
        ] as [(String, [String], Int?)]
    )
    func scores(answer: String, targets: [String], expected: Int?) {
        let sample = Sample.asking("q", choices: Self.cities, target: targets)
        let given: Int? =
            switch Scorer(kind: .choice).scoring(of: answer, sample: sample) {
            case .score(let score, _): score == .one ? 1 : 0
            case .unscorable, .judged: nil
            }
        #expect(given == expected)
    }

    @Test(
        "hostile repetition is read in time that grows with its length",
        arguments: [
            "ANSWER: " + String(repeating: " ", count: 15_000) + "?", String(repeating: "(A)(B)", count: 2_500),
            "I choose" + String(repeating: " ", count: 15_000),
            String(repeating: "ANSWER: A, ", count: 1_400) + "ANSWER: B",
            String(repeating: "answer is ", count: 1_600), String(repeating: "\\boxed{", count: 2_000),
        ]
    )
    func repetition(answer: String) {
        let letter = ChoiceReader(choices: Self.cities).letter(in: answer)
        #expect(letter == (answer.hasSuffix("ANSWER: B") ? "B" : nil))
    }
}
