import Testing

// ClusteredMeanTests.swift: means, clustered standard errors and t intervals through the whole reduction, against
// exact fractions and statsmodels' cluster-robust regression on a constant.
@testable import ParleyReduction

@Suite("Clustered means")
struct ClusteredMeanTests {
    @Test("agree with exact fractions within 1e-12", arguments: StatisticsFixtures.clustered)
    func fixtures(example: ClusteredCase) throws {
        let rows = zip(example.samples, example.scores).enumerated().map { index, pair in
            OutcomeRow(cell: 0, sample: pair.0, epoch: Int32(index % 4_000), kind: .scored, score: pair.1)
        }
        let columns = try OutcomeColumns(rows)
        let finding = try reduceCells(columns: [columns], cells: [CellSpec(planned: Int64(rows.count))])[0]
        let interval = try #require(finding.score.interval)
        #expect(finding.score.sum == example.scores.reduce(0) { $0 + Int128($1) })
        #expect(finding.score.clusters == Int64(Set(example.samples).count))
        #expect(finding.score.isRate == (example.name == "rate"))
        #expect(interval.method == .clusterT)
        #expect(interval.level == 0.95)
        let found = [finding.score.mean, finding.score.standardError, interval.lower, interval.upper]
        for (value, expected) in zip(found, example.expected) {
            #expect(isClose(value, expected, relative: 1e-12), "\(example.name): \(value ?? .nan) is not \(expected)")
        }
    }

    @Test("of one epoch a sample have the standard error of a plain mean")
    func plain() throws {
        let scores: [Int64] = [1, 4, 6, 8, 20].map { $0 * Billionths.one }
        let mean = ClusteredMean(scores.map { Cluster(count: 1, sum: Int128($0)) })
        // s² = 213.8·… by hand: mean 7.8, squares 46.24 + 14.44 + 3.24 + 0.04 + 148.84 = 212.8; /4 /5 = 10.64.
        #expect(isClose(mean.mean(), 7.8, relative: 1e-15))
        #expect(isClose(mean.standardError(), 10.64.squareRoot(), relative: 1e-15))
    }

    @Test("keep their digits at counts and scores near the limits")
    func huge() {
        let count: Int64 = 4_096
        let large = Cluster(count: count, sum: Int128(count) * Int128(Billionths.scoreLimit))
        let larger = Cluster(count: count, sum: Int128(count) * Int128(Billionths.scoreLimit - 2))
        let clusters = (0..<1_000).map { $0 % 2 == 0 ? large : larger }
        let mean = ClusteredMean(clusters)
        // Half the clusters lie 1 billionth above the mean, half below: SE = √(1000/999 · 1000) / 1000 billionths.
        #expect(mean.mean() == 999_999.999_999_999)
        #expect(isClose(mean.standardError(), (1_000.0 / 999 * 1_000).squareRoot() / 1e12, relative: 1e-14))
    }
}
