import Testing

// HomeBiasTests.swift: the interaction against exact fractions, scipy and a clustered regression.
@testable import ParleyReduction

@Suite("Home bias of two judges")
struct HomeBiasTests {
    private let first = HomeSide(judge: 0, cells: [0, 1])
    private let second = HomeSide(judge: 1, cells: [2, 3])

    @Test("agrees with exact fractions and scipy within 1e-12", arguments: JudgeFixtures.homeBiases)
    func fixtures(example: RatingCase) throws {
        let table = try RatingTable(example.ratings.map(Rating.init))
        let found = homeBias(table, first: first, second: second)
        let counts = [found.sharedSamples, found.samplesOnlyOfFirst, found.samplesOnlyOfSecond]
        let numbers = [
            found.differenceOnFirst, found.differenceOnSecond, found.interaction, found.standardError, found.pValue,
            found.interval?.lower, found.interval?.upper,
        ]
        let wrong = differences(counts.map { Double($0) } + numbers, example.expected, relative: 1e-12)
        #expect(wrong.isEmpty, "\(example.name): \(wrong)")
        if let interval = found.interval {
            #expect(interval.method == (found.sharedSamples > 0 ? .pairedT : .clusterT))
        }
    }

    @Test("is the same with the judges exchanged", arguments: JudgeFixtures.homeBiases)
    func exchanged(example: RatingCase) throws {
        let table = try RatingTable(example.ratings.map(Rating.init))
        let forward = homeBias(table, first: first, second: second)
        let backward = homeBias(table, first: second, second: first)
        #expect(forward.interaction == backward.interaction)
        #expect(forward.interval == backward.interval)
        #expect(forward.pValue == backward.pValue)
    }

    @Test("is positive where each judge favours its own, and blind to a judge that is strict with all")
    func sign() throws {
        let one = Billionths.one
        func ratings(strictness: Int64, favour: Int64) -> [Rating] {
            var ratings: [Rating] = []
            for sample in 0..<20 as Range<Int32> {
                for (cell, rater) in [(0, 0), (0, 1), (2, 0), (2, 1)] as [(Int32, Int32)] {
                    let liking = cell / 2 == rater ? favour + Int64(sample) : 0
                    let score = Int64(sample) * one / 20 + liking - (rater == 0 ? strictness : 0)
                    ratings.append(Rating(rater: rater, cell: cell, sample: sample, score: score))
                }
            }
            return ratings
        }
        let fair = homeBias(try RatingTable(ratings(strictness: one, favour: 0)), first: first, second: second)
        #expect(fair.differenceOnFirst ?? 0 < -0.9)
        #expect(isClose(fair.interaction, 1.9e-8, relative: 1e-9))
        let biased = homeBias(try RatingTable(ratings(strictness: one, favour: one / 4)), first: first, second: second)
        #expect(isClose(biased.interaction, 0.5 + 1.9e-8, relative: 1e-12))
        #expect(biased.pValue ?? 1 < 1e-9)
    }
}
