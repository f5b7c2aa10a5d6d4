import ParleyModel
import ParleyTestSupport
import Testing

@testable import ParleyProbe

@Suite("Scorer numeric")
struct NumericScorerTests {
    func score(_ answer: String, _ targets: [String], tolerance: Double = 0) -> Int? {
        let scorer = Scorer(kind: .numeric, tolerance: tolerance)
        return switch scorer.scoring(of: answer, sample: .asking("q", target: targets)) {
        case .score(let score, _): score == .one ? 1 : 0
        case .unscorable, .judged: nil
        }
    }

    @Test(
        "the number that an answer ends on",
        arguments: [
            ("18", "18", 1), ("The answer is 18.", "18", 1), ("First 3, then 18", "18", 1), ("18 of 20", "18", 0),
            ("1,234,567", "1234567", 1), ("1 234 567", "567", 1), ("1\u{202F}234\u{202F}567", "1234567", 1),
            ("1'234'567", "1234567", 1), ("1_000", "1000", 1), ("1.234.567", "1234567", 1), ("1.234,56", "1234.56", 1),
            ("1,234.56", "1234.56", 1), ("1,5", "5", 1), ("1.234", "1.234", 1), ("1,2345", "2345", 1),
            ("-5", "-5", 1), ("\u{2212}5", "-5", 1), ("+5", "5", 1), ("3-5", "5", 1), ("covid-19", "19", 1),
            ("-5", "5", 0),
            ("x = -5", "-5", 1), ("(-5)", "-5", 1), ("$18.50", "18.5", 1), ("-$5", "-5", 1), ("$-5", "-5", 1),
            ("\u{2212}€5", "-5", 1), ("5 €", "5", 1), ("£1,000", "1000", 1), ("25%", "25", 1), ("25 %", "0.25", 1),
            ("0.25", "25%", 1), ("25", "25%", 1), ("25%", "25%", 1), ("0.25%", "25%", 0), ("3/4", "0.75", 1),
            ("0.75", "3/4", 1), ("-3/4", "-0.75", 1), ("1 3/4", "1.75", 1), ("1/3", "2/6", 1), ("1/3", "0.333", 0),
            ("5/6/2024", "2024", 1), ("3/0", "0", 1), ("$\\boxed{\\frac{3}{4}}$", "0.75", 1),
            ("-\\dfrac{3}{4}", "-3/4", 1), ("1\\frac{3}{4}", "1.75", 1),
            ("\\frac{-1}{2}", "-0.5", 1), ("\\frac{a}{2}", "2", 1), ("#### 18", "18", 1), ("#### 18 (of 20)", "18", 1),
            ("18", "so 9+9=18\n#### 18", 1), (".5", "0.5", 1), ("0.30", "0.3", 1), ("1.5e3", "1500", 1),
            ("2E-2", "0.02", 1), ("18kg", "18", 1), ("GPT4", "4", 0), ("**18**", "18", 1), ("\\boxed{18}", "18", 1),
            ("\\$18", "18", 1), ("v1.2.3", "3", 0), ("10:30", "30", 1), ("none", "1", 0), ("", "1", 0),
            ("1", "NaN", nil), ("1", "", nil), ("inf", "1", 0), ("0", "-0", 1), ("007", "7", 1),
            ("18\u{200F}", "18", 1), ("\u{0}18\u{0}", "18", 1), ("1e999999", "1", 0),
            ("12345678901234567890123", "12345678901234567890124", 0),
            ("12345678901234567890123", "12345678901234567890123", 1),
        ] as [(String, String, Int?)]
    )
    func cases(answer: String, target: String, expected: Int?) {
        #expect(score(answer, [target]) == expected)
    }

    @Test("the tolerance is inclusive and exact")
    func tolerance() {
        #expect(score("1.1", ["1.0"], tolerance: 0.1) == 1)  // 1.1 − 1.0 is more than 0.1 in binary
        #expect(score("1.1000000000000000000001", ["1.0"], tolerance: 0.1) == 0)
        #expect(score("-0.1", ["0.1"], tolerance: 0.2) == 1)
        #expect(score("3.14", ["3.14159"], tolerance: 1e-2) == 1)
        #expect(score("3.14", ["3.14159"], tolerance: 1e-3) == 0)
        #expect(score("3", ["2", "3"]) == 1)
        for bad in [-1, Double.nan, .infinity] { #expect(score("3", ["3"], tolerance: bad) == nil) }
    }

    @Test("arithmetic on naturals agrees with 128-bit integers")
    func naturals() {
        var random = SeededGenerator(seed: 20_261_123)
        for _ in 0..<2_000 {
            let (a, b) = (
                UInt64.random(in: 0...(.max >> UInt64.random(in: 0...63, using: &random)), using: &random),
                UInt64.random(in: 0...(.max >> 20), using: &random)
            )
            let (left, right) = (BigNatural(digits: "\(a)".utf8), BigNatural(digits: "\(b)".utf8))
            #expect(left * right == BigNatural(digits: "\(UInt128(a) * UInt128(b))".utf8), "seed 20261123: \(a) \(b)")
            #expect(left + right == BigNatural(digits: "\(UInt128(a) + UInt128(b))".utf8), "seed 20261123: \(a) \(b)")
            #expect(left.distance(to: right) == BigNatural(digits: "\(a > b ? a - b : b - a)".utf8))
            #expect((left < right) == (a < b))
        }
    }

    @Test("a long answer is read from its end, in time that grows with its length")
    func longAnswer() {
        #expect(score(String(repeating: "1/", count: 500_000) + " so 18", ["18"]) == 1)
        #expect(score(String(repeating: "9", count: 500_000), ["9"]) == 0)
        #expect(score(String(repeating: "1,234", count: 100_000), ["9"]) == 0)
    }
}
