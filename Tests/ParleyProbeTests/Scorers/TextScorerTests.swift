import ParleyModel
import Testing

@testable import ParleyProbe

@Suite("Scorers exact, includes and pattern")
struct TextScorerTests {
    func score(_ scorer: Scorer, _ answer: String, _ targets: [String]) -> Int? {
        switch scorer.scoring(of: answer, sample: .asking("q", target: targets)) {
        case .score(let score, _): score == .one ? 1 : 0
        case .unscorable, .judged: nil
        }
    }

    @Test(
        "exact",
        arguments: [
            ("Paris", ["paris"], 1), (" Paris\n", ["Paris"], 1), ("Paris.", ["Paris"], 0),
            ("Paris", ["Rome", "Paris"], 1),
            ("\u{200F}Paris\u{200B}", ["Paris"], 1), ("cafe\u{301}", ["CAFÉ"], 1), ("", ["x"], 0), ("x", [], nil),
            ("x", [""], nil), ("", [""], nil), ("Par\u{0}is", ["Paris"], 0), ("yes yes", ["yes"], 0),
        ] as [(String, [String], Int?)]
    )
    func exact(answer: String, targets: [String], expected: Int?) {
        #expect(score(Scorer(kind: .exact), answer, targets) == expected)
    }

    @Test(
        "includes",
        arguments: [
            ("It is PARIS!", ["paris"], 1), ("Rome", ["paris"], 0), ("e\u{301}t\u{e9}", ["Été"], 1), ("", ["a"], 0),
            ("abcabcabd", ["abcabd"], 1), ("aab", ["ab", "zz"], 1), ("anything", ["", "zz"], 0),
            ("anything", [""], nil),
            ("par is", ["paris"], 0),
        ] as [(String, [String], Int?)]
    )
    func includes(answer: String, targets: [String], expected: Int?) {
        #expect(score(Scorer(kind: .includes), answer, targets) == expected)
    }

    @Test("case counts where it is said to")
    func caseSensitive() {
        #expect(score(Scorer(kind: .exact, ignoreCase: false), "paris", ["Paris"]) == 0)
        #expect(score(Scorer(kind: .includes, ignoreCase: false), "in Paris", ["Paris"]) == 1)
        #expect(score(Scorer(kind: .pattern, ignoreCase: false, pattern: "P\\w+"), "paris", []) == 0)
    }

    @Test(
        "pattern",
        arguments: [
            ("\\b4[02]\\b", "it is 42.", [], 1), ("^\\d+$", "42\n43", [], 0), ("(?m)^\\d+$", "a\n43", [], 1),
            (nil, "abc", ["x", "b."], 1), (nil, "abc", ["x"], 0), (nil, "abc", [], nil), ("", "abc", ["x"], nil),
            ("(", "abc", [], nil), ("[z-a]", "abc", [], nil), ("\\p{Arabic}", "سلام", [], 1), ("é", "É", [], 1),
        ] as [(String?, String, [String], Int?)]
    )
    func pattern(pattern: String?, answer: String, targets: [String], expected: Int?) {
        #expect(score(Scorer(kind: .pattern, pattern: pattern), answer, targets) == expected)
    }

    @Test("a pattern that backtracks without end is stopped, and the answer unscorable")
    func backtracking() {
        let answer = String(repeating: "a", count: 60) + "!"
        for pattern in ["(a+)+$", "(a|aa)+$", "(.*a){20}$"] {
            #expect(score(Scorer(kind: .pattern, pattern: pattern), answer, []) == nil)
        }
    }

    @Test("the search ends where the documented part of a long answer ends")
    func patternBound() {
        let long = String(repeating: "x", count: PatternScorer.longestAnswer)
        #expect(score(Scorer(kind: .pattern, pattern: "y"), long.dropLast() + "y", []) == 1)
        #expect(score(Scorer(kind: .pattern, pattern: "y"), long + "y", []) == 0)
    }

    @Test(
        "ten megabytes are scored, by every kind",
        arguments: [Scorer.Kind.exact, .includes, .pattern, .numeric, .choice, .refusal, .leaks]
    )
    func tenMegabytes(kind: Scorer.Kind) {
        let answer = String(repeating: "lorem (A) 1,", count: 873_814)
        let sample = Sample.asking("q", choices: ["x1", "y1"], target: kind == .choice ? ["B"] : ["77777"])
        let wanted: Score = kind == .leaks ? .one : .zero
        guard case .score(let score, _) = Scorer(kind: kind).scoring(of: answer, sample: sample) else {
            Issue.record("no score")
            return
        }
        #expect(score == wanted)
    }
}
