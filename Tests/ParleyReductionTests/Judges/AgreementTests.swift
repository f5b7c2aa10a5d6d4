import Testing

// AgreementTests.swift: kappas and alphas against exact fractions, statsmodels, krippendorff and inspect_ai, published
// examples, and the cases in which there is no coefficient.
@testable import ParleyReduction

@Suite("Agreement between raters")
struct AgreementTests {
    @Test("agrees with exact fractions within 1e-12", arguments: JudgeFixtures.agreements)
    func fixtures(example: RatingCase) throws {
        let table = try RatingTable(example.ratings.map(Rating.init))
        let raters = Set(table.rater)
        let cohen = cohenKappa(table, first: 0, second: 1)
        let quadratic = cohenKappa(table, first: 0, second: 1, weights: .quadratic)
        let fleiss = fleissKappa(table, raters: raters)
        let nominal = krippendorffAlpha(table, raters: raters, metric: .nominal)
        let interval = krippendorffAlpha(table, raters: raters, metric: .interval)
        let found = [
            cohen.coefficient, cohen.rawAgreement, quadratic.coefficient, fleiss.coefficient, fleiss.rawAgreement,
            nominal.coefficient, interval.coefficient, nominal.rawAgreement,
        ]
        let wrong = differences(found, example.expected, relative: 1e-12)
        #expect(wrong.isEmpty, "\(example.name): \(wrong)")
        for estimate in [cohen, quadratic, fleiss, nominal, interval] {
            #expect((estimate.coefficient == nil) == (estimate.absence != nil), "\(example.name)")
        }
        #expect(quadratic.rawAgreement == cohen.rawAgreement)
        #expect(interval.rawAgreement == nominal.rawAgreement)
    }

    @Test("of two scores is the same nominal and by squares, and under any affine scale")
    func scales() throws {
        let ratings = Rating.random(seed: 4).filter { $0.rater < 2 }
        let stretched = ratings.map { rating in
            var rating = rating
            rating.score = rating.score.map { $0 / 4 - 700_000_000_000 }
            return rating
        }
        let (table, other) = (try RatingTable(ratings), try RatingTable(stretched))
        let raters: Set<Int32> = [0, 1]
        let kappa = cohenKappa(table, first: 0, second: 1).coefficient
        let alpha = krippendorffAlpha(table, raters: raters, metric: .nominal).coefficient
        for same in [table, other] {
            let quadratic = cohenKappa(same, first: 1, second: 0, weights: .quadratic).coefficient
            #expect(isClose(quadratic, try #require(kappa), relative: 1e-15))
            let interval = krippendorffAlpha(same, raters: raters, metric: .interval).coefficient
            #expect(isClose(interval, try #require(alpha), relative: 1e-15))
        }
    }

    @Test("reproduces Krippendorff's published example")
    func krippendorff() throws {
        // K. Krippendorff, "Computing Krippendorff's alpha-reliability" (2011), section C; 0 where there is no rating.
        let observers: [[Int64]] = [
            [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0], [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
            [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0], [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
        ]
        let ratings = observers.enumerated().flatMap { rater, scores in
            scores.enumerated().map { sample, score in
                Rating(
                    rater: Int32(rater),
                    cell: 0,
                    sample: Int32(sample),
                    score: score == 0 ? nil : score * Billionths.one
                )
            }
        }
        let table = try RatingTable(ratings)
        let nominal = krippendorffAlpha(table, raters: [0, 1, 2, 3], metric: .nominal)
        let interval = krippendorffAlpha(table, raters: [0, 1, 2, 3], metric: .interval)
        #expect(nominal.units == 11 && nominal.ratings == 40)
        #expect(isClose(nominal.coefficient, 0.743, relative: 1e-3))
        #expect(isClose(interval.coefficient, 0.849, relative: 1e-3))
    }

    @Test("counts only the raters that were asked for")
    func subsets() throws {
        let ratings = Rating.random(seed: 5)
        let (all, two) = (try RatingTable(ratings), try RatingTable(ratings.filter { $0.rater < 2 }))
        #expect(cohenKappa(all, first: 0, second: 1) == cohenKappa(two, first: 0, second: 1))
        for metric in AlphaMetric.allCases {
            let part = krippendorffAlpha(all, raters: [0, 1], metric: metric)
            #expect(part == krippendorffAlpha(two, raters: [0, 1], metric: metric))
        }
        #expect(fleissKappa(all, raters: [0, 1]) == fleissKappa(two, raters: [0, 1]))
    }

    @Test("says why there is no coefficient")
    func absences() throws {
        let one = Billionths.one
        func table(_ rows: [[Int64]]) throws -> RatingTable { try RatingTable(rows.map(Rating.init)) }
        let alike = try table([[0, 0, 0, 0, one], [1, 0, 0, 0, one], [0, 0, 1, 0, one], [1, 0, 1, 0, one]])
        #expect(cohenKappa(alike, first: 0, second: 1).absence == .oneCategory)
        #expect(cohenKappa(alike, first: 0, second: 1, weights: .quadratic).absence == .oneCategory)
        #expect(fleissKappa(alike, raters: [0, 1]).absence == .oneCategory)
        #expect(fleissKappa(alike, raters: [0, 1]).rawAgreement == 1)
        #expect(krippendorffAlpha(alike, raters: [0, 1], metric: .nominal).absence == .oneCategory)
        let unequal = try table([[0, 0, 0, 0, one], [1, 0, 0, 0, one], [0, 0, 1, 0, 0], [1, 0, 1, 0]])
        #expect(fleissKappa(unequal, raters: [0, 1]).absence == .unequalRatings)
        #expect(fleissKappa(unequal, raters: [0, 1]).rawAgreement == nil)
        #expect(fleissKappa(unequal, raters: [0]).absence == .noPairableUnits)
        #expect(cohenKappa(unequal, first: 0, second: 2).absence == .noPairableUnits)
        #expect(krippendorffAlpha(unequal, raters: [], metric: .interval).absence == .noPairableUnits)
    }
}
