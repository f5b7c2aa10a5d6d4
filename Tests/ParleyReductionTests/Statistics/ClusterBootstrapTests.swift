import Testing

// ClusterBootstrapTests.swift: the bootstrap against scipy's, and its draws: seeded by cell, untouched by threads.
@testable import ParleyReduction

@Suite("The cluster bootstrap")
struct ClusterBootstrapTests {
    private func bootstrap(_ example: ClusteredCase, seed: UInt64) throws -> BootstrapEstimate {
        let rows = zip(example.samples, example.scores).enumerated().map { index, pair in
            OutcomeRow(cell: 0, sample: pair.0, epoch: Int32(index), kind: .scored, score: pair.1)
        }
        let finding = try reduceCells(
            columns: [OutcomeColumns(rows)],
            cells: [CellSpec(planned: Int64(rows.count))],
            level: example.expected[0],
            bootstrap: BootstrapPlan(resamples: 40_000, seed: seed)
        )[0]
        return try #require(finding.score.bootstrap)
    }

    // An end of an interval is a quantile of 40,000 draws, whose Monte-Carlo error at 2.5 % of a normal distribution is
    // √(0.025 · 0.975 / 40,000) / φ(1.96) = 0.0134 standard errors; five of them are allowed. The resampled rates lie
    // on a lattice of 1/n, of which the next point is allowed too.
    @Test(
        "agrees with scipy's within its Monte-Carlo error",
        arguments: StatisticsFixtures.bootstraps,
        [1, 2, 3] as [UInt64]
    )
    func fixtures(example: ClusteredCase, seed: UInt64) throws {
        let found = try bootstrap(example, seed: seed)
        let bca = try #require(found.bca)
        let error = example.expected[1]
        #expect(isClose(found.standardError, error, relative: 0.02), "\(example.name): \(found.standardError)")
        let ends = [found.percentile.lower, found.percentile.upper, bca.lower, bca.upper]
        let lattice = example.name == "rate" ? 1 / Double(example.samples.count) : 0
        for (end, expected) in zip(ends, example.expected[2...]) {
            #expect((end - expected).magnitude <= 0.067 * error + lattice, "\(example.name): \(end) is not \(expected)")
        }
    }

    @Test("draws the same for a cell whatever its neighbours and threads, and otherwise for another seed or identity")
    func seeding() throws {
        let rows = RandomRound(seed: 5).rows
        func estimates(_ identities: [UInt64], seed: UInt64, threads: Int = 1) throws -> [BootstrapEstimate?] {
            let cells = zip(RandomRound.cells, identities).map { cell, identity in
                var cell = cell
                cell.identity = identity
                return cell
            }
            let plan = BootstrapPlan(resamples: 200, seed: seed)
            return try reduceCells(columns: [OutcomeColumns(rows)], cells: cells, bootstrap: plan, threads: threads)
                .map(\.score.bootstrap)
        }
        let base = try estimates([1, 2, 3, 4], seed: 9)
        #expect(base.allSatisfy { $0 != nil })
        for threads in [2, 7] { #expect(try estimates([1, 2, 3, 4], seed: 9, threads: threads) == base) }
        let neighbours = try estimates([1, 20, 30, 40], seed: 9)
        #expect(neighbours[0] == base[0])
        #expect(neighbours[1] != base[1])
        #expect(try estimates([1, 2, 3, 4], seed: 10)[0] != base[0])
    }

    @Test("draws every sample equally often, and the same by sum and one by one", arguments: [1, 2, 3, 7, 500, 5_000])
    func draws(limit: Int) {
        let draws = BootstrapDraws(limit: limit, seed: 11)
        let table = draws.table((0..<limit).map { Int64($0) << 24 }, rejected: 1)
        var counts = [Int](repeating: 0, count: limit)
        let resamples = 200_000 / limit
        for resample in 0..<resamples {
            var (number, sum) = (0, Int64(0))
            draws.forEach(resample: resample) { index in
                counts[index] += 1
                number += 1
                sum += Int64(index) << 24
            }
            #expect(number == limit)
            #expect(draws.sum(table, rejectMask: 1 << 24 - 1, resample: resample) == sum)
        }
        // χ² of the counts has `limit` − 1 degrees of freedom; five of its standard deviations are allowed.
        let expected = Double(resamples)
        let squares = counts.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
        #expect(abs(squares - Double(limit - 1)) <= 5 * Double(2 * limit).squareRoot(), "\(squares) of \(limit)")
    }

    @Test("of scores too large to be packed is that of their small multiples")
    func unpacked() throws {
        func bootstrap(_ unit: Int64) throws -> BootstrapEstimate? {
            let rows = (0..<40 as Range<Int32>).map { sample in
                // The last score has no divisor in common with the others.
                let score = sample == 39 ? 5 * unit + (unit == 1 ? 0 : 1) : Int64(sample % 7) * unit
                return OutcomeRow(cell: 0, sample: sample, kind: .scored, score: score)
            }
            return try reduceCells(
                columns: [OutcomeColumns(rows)],
                cells: [CellSpec(planned: 40, epochReducer: .max)],
                bootstrap: BootstrapPlan(resamples: 500, seed: 3)
            )[0].score.bootstrap
        }
        let small = try #require(try bootstrap(1))
        let large = try #require(try bootstrap(100_000_000_000_000))
        #expect(isClose(large.standardError, small.standardError * 1e14, relative: 1e-9))
        #expect(isClose(large.percentile.lower, small.percentile.lower * 1e14, relative: 1e-9))
        #expect(isClose(large.percentile.upper, small.percentile.upper * 1e14, relative: 1e-9))
    }

    @Test("is left out of one sample, of samples that agree, and where nobody asked for it")
    func absent() throws {
        func bootstrap(_ scores: [Int64], plan: BootstrapPlan?) throws -> BootstrapEstimate? {
            let rows = scores.enumerated().map {
                OutcomeRow(cell: 0, sample: Int32($0), kind: .scored, score: $1 * Billionths.one)
            }
            return try reduceCells(columns: [OutcomeColumns(rows)], cells: [CellSpec(planned: 9)], bootstrap: plan)[0]
                .score.bootstrap
        }
        let plan = BootstrapPlan(resamples: 100, seed: 1)
        #expect(try bootstrap([], plan: plan) == nil)
        #expect(try bootstrap([1], plan: plan) == nil)
        #expect(try bootstrap([1, 1, 1], plan: plan) == nil)
        #expect(try bootstrap([1, 0, 1], plan: nil) == nil)
        #expect(try bootstrap([1, 0, 1], plan: plan) != nil)
    }
}
