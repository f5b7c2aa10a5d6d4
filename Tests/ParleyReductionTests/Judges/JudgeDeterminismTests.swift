import Testing

// JudgeDeterminismTests.swift: the same ratings give the same bytes, in any order.
@testable import ParleyReduction

@Suite("The same ratings give the same bytes")
struct JudgeDeterminismTests {
    /// The bits of every statistic about judges.
    private func image(_ ratings: [Rating]) throws -> [String] {
        let table = try RatingTable(ratings)
        let judges: Set<Int32> = [0, 1, 2]
        var images = bitImage(fleissKappa(table, raters: judges)) + bitImage(fleissKappa(table, raters: [0, 3]))
        for metric in AlphaMetric.allCases {
            images += bitImage(krippendorffAlpha(table, raters: judges, metric: metric))
        }
        for weights in KappaWeights.allCases {
            images += bitImage(cohenKappa(table, first: 0, second: 1, weights: weights))
        }
        for cell in 0..<4 as Range<Int32> {
            images += bitImage(judgeConfusion(table, cell: cell, judge: 0, gold: 3) as Any)
            images += bitImage(correctedEstimate(table, cell: cell, judge: 2, gold: 3))
        }
        let first = HomeSide(judge: 0, cells: [0, 1])
        return images + bitImage(homeBias(table, first: first, second: HomeSide(judge: 1, cells: [2, 3])))
    }

    @Test("in any order of the rows", arguments: 1...12 as ClosedRange<UInt64>)
    func shuffled(seed: UInt64) throws {
        let ratings = Rating.random(seed: seed)
        let expected = try image(ratings)
        var generator = SeededGenerator(seed: seed &+ 300)
        for _ in 0..<4 {
            let found = try image(ratings.shuffled(using: &generator))
            #expect(found == expected, "seed \(seed)")
        }
        #expect(expected.count > 150, "the image holds every field")
    }

    @Test("under any numbers of the cells' samples that keep their order", arguments: 1...4 as ClosedRange<UInt64>)
    func renumbered(seed: UInt64) throws {
        let ratings = Rating.random(seed: seed)
        let renumbered = ratings.map { rating in
            var rating = rating
            rating.sample = 1_000_000 + 31 * rating.sample
            return rating
        }
        #expect(try image(ratings) == image(renumbered))
    }
}
