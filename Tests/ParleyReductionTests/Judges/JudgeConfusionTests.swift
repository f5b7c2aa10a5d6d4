import Testing

// JudgeConfusionTests.swift: a judge's verdicts against labels, with exact fractions and statsmodels behind the rates.
@testable import ParleyReduction

@Suite("A judge's confusion with labels")
struct JudgeConfusionTests {
    @Test("agrees with exact fractions and statsmodels within 1e-12", arguments: JudgeFixtures.confusions)
    func fixtures(example: RatingCase) throws {
        let table = try RatingTable(example.ratings.map(Rating.init))
        let found = try #require(judgeConfusion(table, cell: 0, judge: 1, gold: 0))
        let counts = [
            found.truePositives, found.falsePositives, found.trueNegatives, found.falseNegatives, found.noVerdict,
        ]
        let rates = [found.accuracy, found.sensitivity, found.specificity].flatMap { rate in
            [rate.mean, rate.interval?.lower, rate.interval?.upper]
        }
        let wrong = differences(counts.map { Double($0) } + rates, example.expected, relative: 1e-12)
        #expect(wrong.isEmpty, "\(example.name): \(wrong)")
        #expect(found.accuracy.observations == counts.dropLast().reduce(0, +))
    }

    @Test("takes Wilson's interval where each sample has one observation, else one that is clustered")
    func methods() throws {
        let one = try RatingTable(JudgeFixtures.confusions[0].ratings.map(Rating.init))
        let several = try RatingTable(JudgeFixtures.confusions[1].ratings.map(Rating.init))
        #expect(judgeConfusion(one, cell: 0, judge: 1, gold: 0)?.accuracy.interval?.method == .wilson)
        #expect(judgeConfusion(several, cell: 0, judge: 1, gold: 0)?.accuracy.interval?.method == .clusterT)
    }

    @Test("is not made of scores other than 0 and 1")
    func graded() throws {
        func confusion(label: Int64, verdict: Int64?) throws -> JudgeConfusion? {
            let table = try RatingTable([
                Rating(rater: 0, cell: 0, sample: 0, score: label),
                Rating(rater: 1, cell: 0, sample: 0, score: verdict),
            ])
            return judgeConfusion(table, cell: 0, judge: 1, gold: 0)
        }
        #expect(try confusion(label: 5, verdict: 0) == nil)
        #expect(try confusion(label: 5, verdict: nil) == nil)
        #expect(try confusion(label: 0, verdict: 5) == nil)
        #expect(try confusion(label: 0, verdict: nil)?.noVerdict == 1)
    }

    @Test("looks at one cell")
    func cells() throws {
        let rows = JudgeFixtures.confusions[0].ratings.map(Rating.init)
        let others = rows.map { rating in
            var rating = rating
            rating.cell = 1
            rating.score = rating.score.map { Billionths.one - $0 }
            return rating
        }
        let both = judgeConfusion(try RatingTable(rows + others), cell: 0, judge: 1, gold: 0)
        #expect(both == judgeConfusion(try RatingTable(rows), cell: 0, judge: 1, gold: 0))
    }
}
