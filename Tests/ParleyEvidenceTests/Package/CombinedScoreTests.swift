// The combination of grades against a naive calculation, the one that also holds the database's function in its tests.

import ParleyModel
import Testing

@testable import ParleyEvidence

@Suite("The combination of grades") struct CombinedScoreTests {
    private func naive(_ scores: [Int64], _ judges: Int, _ combination: Grader.Combination) -> Int64? {
        if scores.count * 2 <= judges { return nil }
        func mean(_ values: [Int64]) -> Int64 {
            let sum = values.reduce(0, +), count = Int64(values.count)
            let (quotient, rest) = sum.quotientAndRemainder(dividingBy: count)
            return abs(rest) * 2 >= count ? quotient + sum.signum() : quotient
        }
        let sorted = scores.sorted()
        switch combination {
        case .majority: return sorted.first { value in sorted.filter { $0 == value }.count * 2 > judges }
        case .mean: return mean(sorted)
        case .median:
            let middle = sorted.count / 2
            return sorted.count % 2 == 1 ? sorted[middle] : mean([sorted[middle - 1], sorted[middle]])
        }
    }

    @Test("is that of the database", arguments: Grader.Combination.allCases)
    func random(combination: Grader.Combination) {
        var generator = SeededNumbers(state: 6)
        for number in 0..<2000 {
            let judges = Int.random(in: 1...7, using: &generator)
            let scores = (0..<Int.random(in: 0...judges, using: &generator)).map { _ in
                Int64.random(in: -3...3, using: &generator) * (Bool.random(using: &generator) ? 1 : 333_333_333_333)
            }
            let grader = Grader(
                version: "1",
                judges: (0..<judges).map { ConfigurationName("j\($0)") },
                rubric: "",
                scale: [:],
                combination: combination
            )
            // A judge that failed is there without a score.
            let grades = (0..<judges).map { judge in
                let score = judge < scores.count ? Score(billionths: scores[judge]) : nil
                return PackagedOutcome.Grade(judge: judge, kind: score == nil ? .unscorable : .scored, score: score)
            }
            let made = grader.combinedScore(grades)?.billionths
            #expect(made == naive(scores, judges, combination), "seed 6, number \(number): \(scores) of \(judges)")
        }
    }
}
