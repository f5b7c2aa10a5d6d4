import Testing

// RatingTableTests.swift: which ratings make a table, and in which order.
@testable import ParleyReduction

@Suite("Tables of ratings")
struct RatingTableTests {
    @Test("hold units as neighbours, whatever the order of the rows", arguments: 1...6 as ClosedRange<UInt64>)
    func order(seed: UInt64) throws {
        let ratings = Rating.random(seed: seed)
        var generator = SeededGenerator(seed: seed &+ 11)
        let table = try RatingTable(ratings.shuffled(using: &generator))
        #expect(try table == RatingTable(ratings))
        #expect(table.count == ratings.count)
        for cell in 0..<4 as Range<Int32> {
            let units = table.units(of: cell)
            #expect(units.count == Set(ratings.filter { $0.cell == cell }.map { SIMD2($0.sample, $0.epoch) }).count)
        }
        #expect(table.units(of: 4).isEmpty)
        #expect(table.units(of: .max).isEmpty)
        for rating in ratings {
            let unit = table.units(of: rating.cell).first { unit in
                let row = table.rows(of: unit).lowerBound
                return table.sample[row] == rating.sample && table.epoch[row] == rating.epoch
            }
            #expect(table.score(ofUnit: try #require(unit), by: rating.rater) == rating.score)
        }
    }

    @Test("may be empty")
    func empty() throws {
        let table = try RatingTable([])
        #expect(table.count == 0 && table.unitCount == 0 && table.units(of: 0).isEmpty)
        #expect(fleissKappa(table, raters: [0, 1]).absence == .noPairableUnits)
        #expect(correctedEstimate(table, cell: 0, judge: 1, gold: 0).intervalAbsence == .noObservations)
    }

    @Test("refuse a second rating of a unit by one rater, with or without a score")
    func twice() {
        let rating = Rating(rater: 3, cell: 1, sample: 2, epoch: 4, score: 5)
        let silent = Rating(rater: 3, cell: 1, sample: 2, epoch: 4, score: nil)
        let other = Rating(rater: 2, cell: 1, sample: 2, epoch: 4, score: 5)
        #expect(throws: RatingError.ratedTwice(rater: 3, cell: 1, sample: 2, epoch: 4)) {
            try RatingTable([rating, other, silent])
        }
    }

    @Test("refuse what lies beyond the limits")
    func limits() {
        let limit = Billionths.scoreLimit
        let wrong: [(Rating, RatingError.Field)] = [
            (Rating(rater: 40, cell: 0, sample: 0, score: 0), .rater),
            (Rating(rater: -1, cell: 0, sample: 0, score: 0), .rater),
            (Rating(rater: 0, cell: -1, sample: 0, score: 0), .cell),
            (Rating(rater: 0, cell: 0, sample: -7, score: 0), .sample),
            (Rating(rater: 0, cell: 0, sample: 0, epoch: OutcomeColumns.epochLimit, score: 0), .epoch),
            (Rating(rater: 0, cell: 0, sample: 0, score: limit + 1), .score),
            (Rating(rater: 0, cell: 0, sample: 0, score: -limit - 1), .score),
        ]
        for (rating, field) in wrong {
            let error = #expect(throws: RatingError.self) { try RatingTable([rating]) }
            guard case .outOfRange(let found, _, _) = error else {
                Issue.record("\(rating) was refused as \(String(describing: error))")
                continue
            }
            #expect(found == field)
        }
    }
}
