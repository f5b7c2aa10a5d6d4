import Testing

// TestStatisticsTests.swift: Wilson, McNemar, Holm and quantiles against exact fractions, statsmodels and numpy.
@testable import ParleyReduction

@Suite("Statistics agree with independent implementations")
struct TestStatisticsTests {
    @Test("Wilson's interval, within 1e-12", arguments: StatisticsFixtures.wilsons)
    func wilson(row: [Double]) throws {
        let rate = row[0] / row[1]
        let found = try #require(wilsonInterval(rate: rate, observations: Int64(row[1]), level: row[2]))
        #expect(isClose(found.lower, row[3], relative: 1e-12), "\(found) at \(row)")
        #expect(isClose(found.upper, row[4], relative: 1e-12), "\(found) at \(row)")
        #expect(found.lower >= 0 && found.upper <= 1)
    }

    @Test("Wilson's interval refuses what is no rate")
    func wilsonRefusals() {
        #expect(wilsonInterval(rate: 0.5, observations: 0, level: 0.95) == nil)
        #expect(wilsonInterval(rate: 1.5, observations: 5, level: 0.95) == nil)
        #expect(wilsonInterval(rate: .nan, observations: 5, level: 0.95) == nil)
        #expect(wilsonInterval(rate: 0.5, observations: 5, level: 1) == nil)
    }

    @Test("Clopper and Pearson's and Jeffreys' intervals, within 1e-12", arguments: StatisticsFixtures.binomials)
    func binomial(row: [Double]) {
        let (k, n) = (Int64(row[0]), Int64(row[1]))
        let exact = clopperPearsonInterval(successes: k, observations: n, level: row[2])
        let bayes = jeffreysInterval(successes: k, observations: n, level: row[2])
        for (found, expected) in zip([exact.lower, exact.upper, bayes.lower, bayes.upper], row[3...]) {
            #expect(isClose(found, expected, relative: 1e-12), "\(found) is not \(expected) at \(row)")
        }
    }

    @Test("the one-sided bound holds exactly its level", arguments: [1, 20, 300, 100_000] as [Int64], [0.9, 0.95])
    func oneSided(n: Int64, level: Double) {
        let none = oneSidedInterval(successes: 0, observations: n, level: level)
        var power = 1.0
        for _ in 0..<n { power *= 1 - none.upper }
        #expect(none.lower == 0)
        #expect(isClose(power, 1 - level, relative: 1e-10))
        let all = oneSidedInterval(successes: n, observations: n, level: level)
        #expect(all.upper == 1 && all.lower == 1 - none.upper)
    }

    @Test("McNemar's exact p, within 1e-13, to 100,000 pairs", arguments: StatisticsFixtures.mcNemars)
    func mcNemar(row: [Double]) {
        let found = mcNemarExact(firstOnly: Int64(row[0]), secondOnly: Int64(row[1]))
        #expect(isClose(found, row[2], relative: 1e-13), "\(found) at \(row)")
        #expect(found == mcNemarExact(firstOnly: Int64(row[1]), secondOnly: Int64(row[0])))
    }

    @Test("Holm's adjustment", arguments: StatisticsFixtures.holms)
    func holm(example: AdjustmentCase) {
        let found = holmAdjusted(example.raw)
        #expect(zip(found, example.adjusted).allSatisfy { isClose($0, $1, relative: 1e-14) }, "\(found) \(example)")
    }

    @Test("Benjamini and Hochberg's adjustment", arguments: StatisticsFixtures.benjaminiHochbergs)
    func benjaminiHochberg(example: AdjustmentCase) {
        let found = benjaminiHochbergAdjusted(example.raw)
        #expect(zip(found, example.adjusted).allSatisfy { isClose($0, $1, relative: 1e-14) }, "\(found) \(example)")
    }

    @Test("an adjustment of nothing is nothing")
    func adjustmentOfNothing() {
        #expect(holmAdjusted([]) == [])
        #expect(benjaminiHochbergAdjusted([]) == [])
    }

    @Test("latency quantiles are numpy's inverted distribution function", arguments: StatisticsFixtures.quantiles)
    func quantiles(example: QuantileCase) throws {
        let rows = example.values.enumerated().map { index, latency in
            OutcomeRow(cell: 0, sample: Int32(index), kind: .refused, score: nil, latency: latency)
        }
        let cells = [CellSpec(planned: Int64(rows.count))]
        let found = try reduceCells(columns: [OutcomeColumns(rows)], cells: cells)[0].latency
        let expected = LatencyQuantiles(
            count: Int64(example.values.count),
            p50: example.expected[0],
            p95: example.expected[1],
            p99: example.expected[2]
        )
        #expect(found == expected)
    }

    @Test("radix selection equals sorting, at every rank", arguments: [1, 2, 3] as [UInt64])
    func selection(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for limit in [0, 1, 2_047, 2_048, 1 << 33, Int64.max] as [Int64] {
            let values = (0..<40).map { _ in Int64.random(in: 0...limit, using: &generator) }
            let sorted = values.sorted()
            for rank in 1...values.count {
                #expect(nthSmallest(of: values, rank: rank) == sorted[rank - 1], "seed \(seed), limit \(limit)")
            }
        }
    }

    @Test("order statistics equal those of sorted values, with and without ties", arguments: [1, 2, 3] as [UInt64])
    func orderStatistics(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for distinct in [1, 2, 9, 100_000] {
            let values = (0..<3_000).map { _ in Double(Int.random(in: 0..<distinct, using: &generator)) }
            let ranks = [0, 1, 74, 75, 76, 1_500, 2_998, 2_999]
            var selected = values
            selectOrderStatistics(&selected, ranks: ranks)
            let sorted = values.sorted()
            for rank in ranks { #expect(selected[rank] == sorted[rank], "seed \(seed), \(distinct) values") }
            #expect(selected.sorted() == sorted)
        }
    }

    @Test("the minimum detectable difference at 5 % and 80 % is 2.8016 standard errors")
    func detectable() {
        let found = minimumDetectableDifference(standardError: 2, significance: 0.05, power: 0.8)
        #expect(isClose(found, 2 * (1.9599639845400543 + 0.8416212335729143), relative: 1e-14))
    }
}
