import Testing

// RollUpTests.swift: which cells enter a roll-up, what it says of them, and what lies far from its like.
@testable import ParleyReduction

@Suite("Roll-ups and surprises")
struct RollUpTests {
    /// A cell's outcomes: one a sample, each with this score.
    private func rows(_ cell: Int, _ scores: [Double]) -> [OutcomeRow] {
        scores.enumerated().map { sample, score in
            OutcomeRow(
                cell: Int32(cell),
                sample: Int32(sample),
                kind: .scored,
                score: Billionths.nearest(to: score)
            )
        }
    }

    private func rate(_ right: Int, of count: Int) -> [Double] { (0..<count).map { $0 < right ? 1 : 0 } }

    private func reduce(_ cells: [[Double]], pairs: [CellPair] = []) throws -> Reduction {
        try reduceRound(
            columns: [OutcomeColumns(cells.enumerated().flatMap { rows($0, $1) })],
            cells: [CellSpec](repeating: CellSpec(planned: 100_000), count: cells.count),
            pairs: pairs
        )
    }

    private func place(_ suite: Int, _ configuration: Int = 0, unit: Bool = true) -> CellPlace {
        CellPlace(suite: suite, configuration: configuration, hasUnitScores: unit)
    }

    @Test("weigh cells alike and name the lowest, the highest and those left out")
    func group() throws {
        let reduction = try reduce([
            rate(30, of: 100), rate(90, of: 100), [], [2, 3, 4], [1], [0.5, 0.5, 0.5], rate(60, of: 400),
        ])
        let places = [place(0), place(1), place(1), place(2, unit: false), place(3), place(3), place(0)]
        let found = reduction.rollUp(of: Array(places.indices), places: places)
        #expect(found.cells == 3 && found.suites == 2)
        #expect(found.leftOut.withoutEstimate == 1 && found.leftOut.onAnotherScale == 1)
        #expect(found.leftOut.withoutError == 2, "one sample, and a mean without variation")
        #expect(found.lowest == 6 && found.highest == 1)
        #expect(isClose(found.mean, (0.3 + 0.9 + 0.15) / 3, relative: 1e-15))
        let variances = [0.3 * 0.7 / 99, 0.9 * 0.1 / 99, 0.15 * 0.85 / 399]
        #expect(isClose(found.standardError, variances.reduce(0, +).squareRoot() / 3, relative: 1e-14))
        let heterogeneity = try #require(found.heterogeneity)
        #expect(heterogeneity.count == 3 && heterogeneity.iSquared > 0.9 && heterogeneity.pValue < 1e-10)
    }

    @Test("weigh rates without variation by Wilson's interval")
    func zeroVariance() throws {
        let reduction = try reduce([rate(0, of: 100), rate(100, of: 100)])
        let wilson = try #require(wilsonInterval(rate: 0, observations: 100, level: 0.95))
        let effect = try #require(Effect(reduction.findings[0].score))
        #expect(effect.estimate == 0)
        #expect(isClose(effect.standardError, wilson.upper / 2 / 1.959963984540054, relative: 1e-13))
        let found = reduction.rollUp(of: [0, 1], places: [place(0), place(1)])
        #expect(found.cells == 2 && found.mean == 0.5)
        let interval = try #require(found.heterogeneity).hartungKnapp
        #expect(interval?.lower == 0 && interval?.upper == 1, "cut to the scores that there can be")
    }

    @Test("of no cell, and of one, say no more than they know")
    func few() throws {
        let reduction = try reduce([rate(3, of: 10)])
        let none = reduction.rollUp(of: [], places: [place(0)])
        #expect(none.cells == 0 && none.mean == nil && none.lowest == nil && none.heterogeneity == nil)
        let one = reduction.rollUp(of: [0], places: [place(0)])
        #expect(one.mean == 0.3 && one.lowest == 0 && one.highest == 0 && one.heterogeneity == nil)
        #expect(one.standardError == reduction.findings[0].score.standardError)
    }

    @Test("measure surprise as statsmodels' mean of the others does, within 1e-11", arguments: RollUpFixtures.surprises)
    func residuals(example: EffectsCase) {
        let effects = RandomEffectsTests.effects(example)
        for (index, expected) in example.expected.enumerated() {
            var others = effects
            others.remove(at: index)
            let found = Surprise(.cell(index), effects[index], others: others)
            #expect(isClose(found.z, expected, relative: 1e-11), "\(example.name): \(found) is not \(expected)")
            #expect(found.others == effects.count - 1)
        }
    }

    @Test("find the one suite on which two configurations change places, whichever of them is subtracted")
    func reversed() throws {
        // Configurations 0 and 1 on five suites; on the last one the other is better. Pairs alternate in direction.
        let better = (0..<200).map { Double($0 % 10 < 8 ? 1 : 0) }
        let worse = (0..<200).map { Double($0 % 10 < 5 ? 1 : 0) }
        let cells = (0..<5).flatMap { $0 == 4 ? [worse, better] : [better, worse] }
        let places = cells.indices.map { place($0 / 2, $0 % 2) }
        let pairs = (0..<5).map { suite in
            suite.isMultiple(of: 2)
                ? CellPair(first: 2 * suite, second: 2 * suite + 1) : CellPair(first: 2 * suite + 1, second: 2 * suite)
        }
        let reduction = try reduce(cells, pairs: pairs)
        let found = reduction.surprises(places: places).filter { surprise in
            if case .comparison = surprise.subject { true } else { false }
        }
        #expect(found.count == 5 && found.allSatisfy { $0.others == 4 })
        let farthest = try #require(found.max { $0.z.magnitude < $1.z.magnitude })
        #expect(farthest.subject == .comparison(4))
        #expect(isClose(farthest.expected, 0.3, relative: 1e-12) && isClose(farthest.estimate, -0.3, relative: 1e-12))
        #expect(found[1].estimate < 0 && found[1].expected < 0, "in the direction of the comparison itself")
        var graded = places
        for cell in [0, 1] { graded[cell].hasUnitScores = false }
        #expect(reduction.surprises(places: graded).filter { $0.subject == .comparison(0) }.isEmpty)
    }

    @Test("compare cells with the others of their suite, where there are two others")
    func cells() throws {
        let cells = [rate(50, of: 100), rate(52, of: 100), rate(48, of: 100), rate(95, of: 100), rate(10, of: 50)]
        let places = [place(0, 0), place(0, 1), place(0, 2), place(0, 3), place(1, 0)]
        let found = try reduce(cells).surprises(places: places)
        #expect(found.map(\.subject) == [0, 1, 2, 3].map { Surprise.Subject.cell($0) })
        #expect(found[3].z > 5 && found.prefix(3).allSatisfy { $0.z.magnitude < 2 })
        #expect(try reduce(Array(cells.prefix(2))).surprises(places: places).isEmpty)
    }
}
