import Testing

// EpochReducerTests.swift: epochs reduced to one score a sample, against inspect_ai's reducers; then what becomes of
// rates, missing epochs, order and comparisons.
@testable import ParleyReduction

@Suite("Epoch reducers")
struct EpochReducerTests {
    private func reducer(_ name: String) -> EpochReducer {
        let parts = name.split(separator: "_")
        let count = parts.last.flatMap { Int($0) } ?? 0
        return switch parts.first {
        case "median": .median
        case "mode": .mode
        case "max": .max
        case "at": .atLeast(count)
        case "pass": parts[1] == "at" ? .passAt(count) : .passHat(count)
        case "worst": .worst(count)
        default: .mean
        }
    }

    private func score(_ rows: [OutcomeRow], _ reducer: EpochReducer) throws -> ScoreEstimate {
        let cells = [CellSpec(planned: Int64(rows.count), epochReducer: reducer)]
        return try reduceCells(columns: [OutcomeColumns(rows)], cells: cells)[0].score
    }

    private func rows(_ samples: [Int32], _ scores: [Int64], cell: Int32 = 0) -> [OutcomeRow] {
        var epochs: [Int32: Int32] = [:]
        return zip(samples, scores).map { sample, score in
            defer { epochs[sample, default: 0] += 1 }
            return OutcomeRow(
                cell: cell,
                sample: sample,
                epoch: epochs[sample, default: 0],
                kind: .scored,
                score: score
            )
        }
    }

    // The mean of all observations is not the mean of the sample means where samples have unequal epochs.
    @Test(
        "agree with inspect_ai's, within 1e-12",
        arguments: StatisticsFixtures.epochs
    )
    func fixtures(example: EpochCase) throws {
        for (name, expected) in zip(example.reducers, example.expected) where name != "mean" {
            let found = try score(rows(example.samples, example.scores).reversed(), reducer(name))
            #expect(Double(found.observations) == expected[0])
            #expect(found.clusters == found.observations)
            #expect(isClose(found.mean, expected[1], relative: 1e-12), "\(example.name) \(name): \(found)")
            #expect(isClose(found.standardError, expected[2], relative: 1e-12), "\(example.name) \(name): \(found)")
        }
        #expect(example.reducers.count == 13 && example.expected.count == 13)
    }

    @Test("of the worst few per cent agree with numpy's sort, within 1e-12", arguments: RollUpFixtures.worsts)
    func worst(example: EpochCase) throws {
        for (name, expected) in zip(example.reducers, example.expected) {
            let found = try score(rows(example.samples, example.scores).reversed(), reducer(name))
            #expect(Double(found.observations) == expected[0])
            #expect(isClose(found.mean, expected[1], relative: 1e-12), "\(example.name) \(name): \(found)")
            #expect(isClose(found.standardError, expected[2], relative: 1e-12), "\(example.name) \(name): \(found)")
        }
        #expect(example.reducers.count == 5 && example.expected.count == 5)
    }

    @Test(
        "of the worst few per cent take at least one score, and no more than asked for",
        arguments: [
            (1, 10, 1), (10, 10, 1), (11, 10, 2), (20, 10, 2), (100, 1, 1), (101, 1, 2), (3, 99, 3), (4_096, 99, 4_056),
        ]
    )
    func tail(epochs: Int, percent: Int, taken: Int) {
        // The lowest ones are 0, 1, 2, …, whose mean tells how many there are.
        let scores = (0..<Int64(epochs)).reversed().map { $0 * Billionths.one }
        #expect(EpochReducer.worst(percent).reduce(scores) == Int128(taken - 1) * SharedSamples.one / 2)
    }

    @Test("of at least k make a rate, with Wilson's interval over samples")
    func rate() throws {
        let scores: [Int64] = [1, 1, 0, 1, 0, 0, 1, 1].map { $0 * Billionths.one }
        let found = try score(rows([0, 0, 1, 1, 2, 2, 3, 3], scores), .atLeast(2))
        #expect(found.isRate && found.mean == 0.5 && found.observations == 4)
        #expect(found.interval == wilsonInterval(rate: 0.5, observations: 4, level: 0.95))
        #expect(found.exactIntervals().count == 2)
    }

    @Test("leave out samples with too few epochs, excluded outcomes and unscored ones")
    func missing() throws {
        var all = rows([0, 0, 0, 1, 1], [1, 0, 0, 1, 1].map { $0 * Billionths.one })
        all.append(OutcomeRow(cell: 0, sample: 1, epoch: 9, kind: .refused, score: nil))
        all.append(OutcomeRow(cell: 0, sample: 1, epoch: 10, kind: .scored, score: nil))
        let found = try score(all, .passAt(3))
        #expect(found.observations == 1 && found.mean == 1)
        #expect(try score(all, .max).observations == 2)
    }

    @Test("take a mode of several from the earliest epoch, in any order of the rows", arguments: [1, 2] as [UInt64])
    func mode(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let all = rows([0, 0, 0, 0, 1], [2, 3, 3, 2, 7].map { $0 * Billionths.one })
        #expect(try score(all.shuffled(using: &generator), .mode).mean == 4.5)
    }

    @Test("compare samples by their reduced scores, by McNemar where these are 0 or 1")
    func comparison() throws {
        let one = Billionths.one
        let left = rows([0, 0, 1, 1, 2, 2, 3, 3], [one, one, one, one, one, 0, one, one], cell: 0)
        let right = rows([0, 0, 1, 1, 2, 2, 3, 3], [0, one, one, 0, 0, 0, one, one], cell: 1)
        func compare(_ reducer: EpochReducer) throws -> PairedComparison {
            let cells = [CellSpec](repeating: CellSpec(planned: 8, epochReducer: reducer), count: 2)
            return try reduceRound(
                columns: [OutcomeColumns(left + right)],
                cells: cells,
                pairs: [CellPair(first: 0, second: 1)]
            ).comparisons[0]
        }
        let found = try compare(.atLeast(2))
        #expect(found.test == .mcNemarExact && found.firstOnly == 2 && found.secondOnly == 0)
        #expect(found.difference == 0.5 && found.pValue == 0.5)
        #expect(try compare(.max).difference == 0.25)
        #expect(try compare(.mean).difference == 0.375)
    }
}
