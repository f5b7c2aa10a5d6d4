// The combination of grades against a naive calculation, the one that also holds the database's function in its tests.

import ParleyModel
import ParleyTestSupport
import Testing

@testable import ParleyEvidence

@Suite("The combination of grades") struct CombinedScoreTests {
    @Test("is that of the database", arguments: Grader.Combination.allCases)
    func random(combination: Grader.Combination) {
        var generator = SeededGenerator(seed: 6)
        for number in 0..<2000 {
            let (scores, judges) = Grader.Combination.randomScores(&generator)
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
                return Grade(judge: judge, kind: score == nil ? .unscorable : .scored, score: score)
            }
            let made = grader.combinedScore(grades)?.billionths
            #expect(
                made == combination.naive(scores, judges: judges),
                "seed 6, number \(number): \(scores) of \(judges)"
            )
        }
    }
}
