import Testing

// SampleSizeTests.swift: planned sample sizes against rounds that are simulated and really compared.
@testable import ParleyReduction

@Suite("Sample sizes")
struct SampleSizeTests {
    // (1.959964 + 0.841621)² · 2 · 0.25 · 0.5 / 0.05² · … by hand, at ρ = 1, r = 0 and one epoch: 2 · 0.25 = 0.5.
    @Test("follow the formula by hand")
    func formula() throws {
        let plain = PowerAssumptions(variance: 0.25, betweenShare: 1, correlation: 0)
        #expect(isClose(plain.differenceVariance(epochs: 7), 0.5, relative: 1e-15))
        // 7.848880 · 0.5 / 0.0025 = 1569.776.
        #expect(plain.samples(difference: 0.05, epochs: 1) == 1_570)
        let mixed = PowerAssumptions(variance: 0.21, betweenShare: 0.5, correlation: 0.5)
        #expect(isClose(mixed.differenceVariance(epochs: 5), 2 * (0.105 * 0.5 + 0.105 / 5), relative: 1e-15))
        #expect(plain.samples(difference: 1e-9, epochs: 1) == nil)
        #expect(PowerAssumptions(variance: 0).samples(difference: 0.1, epochs: 1) == 2)
    }

    @Test("give back the difference that they were asked for", arguments: [1, 5, 20], [0.02, 0.1])
    func inverse(epochs: Int, difference: Double) throws {
        let assumptions = PowerAssumptions(variance: 0.2, significance: 0.01, power: 0.9)
        let samples = try #require(assumptions.samples(difference: difference, epochs: epochs))
        #expect(assumptions.minimumDetectableDifference(samples: samples, epochs: epochs) <= difference)
        #expect(assumptions.minimumDetectableDifference(samples: samples - 1, epochs: epochs) > difference)
    }

    // Sample means are uniform with variance ρv, half of it shared by both configurations; scores are flips of them.
    @Test("find the difference in 80 of 100 simulated rounds", arguments: [1, 4])
    func simulated(epochs: Int) throws {
        let spread = 0.22
        let between = 2 * (2 * spread) * (2 * spread) / 12
        let assumptions = PowerAssumptions(variance: 0.25, betweenShare: between / 0.25, correlation: 0.5)
        let difference = 0.08
        let samples = try #require(assumptions.samples(difference: difference, epochs: epochs))
        var found = 0
        let rounds: UInt64 = 300
        for seed in 1...rounds {
            var generator = SeededGenerator(seed: seed &* 977 &+ UInt64(epochs))
            var rows: [OutcomeRow] = []
            for sample in 0..<Int32(samples) {
                let common = Double.random(in: -spread...spread, using: &generator)
                for cell in 0..<2 as Range<Int32> {
                    let shift = cell == 0 ? difference / 2 : -difference / 2
                    let own = 0.5 + shift + common + Double.random(in: -spread...spread, using: &generator)
                    for epoch in 0..<Int32(epochs) {
                        let score = generator.flip(own) ? Billionths.one : 0
                        rows.append(OutcomeRow(cell: cell, sample: sample, epoch: epoch, kind: .scored, score: score))
                    }
                }
            }
            let cells = [CellSpec](repeating: CellSpec(planned: Int64(samples * epochs)), count: 2)
            let comparison = try reduceRound(
                columns: [OutcomeColumns(rows)],
                cells: cells,
                pairs: [CellPair(first: 0, second: 1)]
            ).comparisons[0]
            if comparison.verdict == .higher { found += 1 }
        }
        // 80 % of 300 is 240, four binomial standard errors are 28; McNemar's exact test is a little conservative.
        #expect((205...268).contains(found), "\(found) of \(rounds) with \(samples) samples, seeds 1 to \(rounds)")
    }
}
