import Testing

// CoverageTests.swift: over simulated rounds of known truth, 95 % intervals hold it about 95 times in 100.
@testable import ParleyReduction

@Suite("Intervals cover the truth at their stated rate, over 200 seeds")
struct CoverageTests {
    static let seeds: UInt64 = 200

    /// The central range of a binomial count with probability 0.95, leaving out at most 0.0005 on either side.
    static let bounds: ClosedRange<Int> = {
        let n = Int(seeds)
        var term = 1.0
        for _ in 0..<n { term *= 0.95 }
        // From n successes down to 0.
        var upper = n
        var tail = term
        var successes = n
        while tail < 0.0005 {
            term *= Double(successes) / Double(n - successes + 1) * (0.05 / 0.95)
            successes -= 1
            tail += term
            upper = successes
        }
        while tail < 0.9995 {
            term *= Double(successes) / Double(n - successes + 1) * (0.05 / 0.95)
            successes -= 1
            tail += term
        }
        return successes...upper
    }()

    @Test("300 samples of one epoch", arguments: [0.05, 0.2, 0.5, 0.75, 0.95])
    func independent(rate: Double) throws {
        var covered = 0
        for seed in 1...Self.seeds {
            var generator = SeededGenerator(seed: seed &* 1_000 &+ UInt64(rate * 100))
            let rows = (0..<300 as Range<Int32>).map { sample in
                OutcomeRow(cell: 0, sample: sample, kind: .scored, score: generator.flip(rate) ? Billionths.one : 0)
            }
            covered += try covers(rows, truth: rate, method: .wilson) ? 1 : 0
        }
        #expect(Self.bounds.contains(covered), "p = \(rate): \(covered) of \(Self.seeds), allowed \(Self.bounds)")
    }

    @Test("100 samples of five epochs, with sample effects", arguments: [0.3, 0.5, 0.7])
    func clustered(rate: Double) throws {
        var covered = 0
        for seed in 1...Self.seeds {
            var generator = SeededGenerator(seed: seed &* 7_000 &+ UInt64(rate * 100))
            var rows: [OutcomeRow] = []
            for sample in 0..<100 as Range<Int32> {
                let own = Double.random(in: (rate - 0.3)...(rate + 0.3), using: &generator)
                for epoch in 0..<5 as Range<Int32> {
                    let score = generator.flip(own) ? Billionths.one : 0
                    rows.append(OutcomeRow(cell: 0, sample: sample, epoch: epoch, kind: .scored, score: score))
                }
            }
            covered += try covers(rows, truth: rate, method: .clusterT) ? 1 : 0
        }
        #expect(Self.bounds.contains(covered), "p = \(rate): \(covered) of \(Self.seeds), allowed \(Self.bounds)")
    }

    private func covers(
        _ rows: [OutcomeRow],
        truth: Double,
        method: ConfidenceInterval.Method
    ) throws -> Bool {
        let cells = [CellSpec(planned: Int64(rows.count))]
        let score = try reduceCells(columns: [OutcomeColumns(rows)], cells: cells)[0].score
        let interval = try #require(score.interval)
        #expect(interval.method == method)
        return interval.lower <= truth && truth <= interval.upper
    }
}
