import Testing

// PairedComparisonTests.swift: paired differences against scipy, McNemar's choice, partial overlap, and verdicts.
@testable import ParleyReduction

@Suite("Paired comparisons")
struct PairedComparisonTests {
    private let cells = [CellSpec(planned: 1_000), CellSpec(planned: 1_000)]

    private func rows(_ cell: Int32, _ observations: [[Int64]]) -> [OutcomeRow] {
        observations.enumerated().map { index, pair in
            OutcomeRow(cell: cell, sample: Int32(pair[0]), epoch: Int32(index), kind: .scored, score: pair[1])
        }
    }

    private func compare(
        _ first: [[Int64]],
        _ second: [[Int64]],
        rule: ComparisonRule = ComparisonRule()
    ) throws -> PairedComparison {
        let columns = try OutcomeColumns(rows(1, second) + rows(0, first))
        let pairs = [CellPair(first: 0, second: 1)]
        return try reduceRound(columns: [columns], cells: cells, pairs: pairs, rule: rule).comparisons[0]
    }

    /// One observation a sample, 0 or 1: `both` alike, then those that one side alone gets right.
    private func binary(both: Int, firstOnly: Int, secondOnly: Int) -> (first: [[Int64]], second: [[Int64]]) {
        let one = Billionths.one
        let count = both + firstOnly + secondOnly
        let first = (0..<count).map { [Int64($0), $0 < both + firstOnly ? one : 0] }
        let second = (0..<count).map { [Int64($0), $0 < both || $0 >= both + firstOnly ? one : 0] }
        return (first, second)
    }

    @Test("agree with exact fractions and scipy within 1e-12", arguments: StatisticsFixtures.paired)
    func fixtures(example: PairedCase) throws {
        let found = try compare(example.first, example.second)
        let values = [
            found.difference, found.standardError, found.pValue, found.interval?.lower, found.interval?.upper,
            found.minimumDetectableDifference,
        ]
        for (value, expected) in zip(values, example.expected) {
            #expect(isClose(value, expected, relative: 1e-12), "\(example.name): \(value ?? .nan) is not \(expected)")
        }
        #expect(found.test == .pairedT)
        #expect(found.adjustedPValue == found.pValue)
        #expect(found.firstOnly == nil)
    }

    @Test("of single 0/1 observations take McNemar's exact test")
    func mcNemar() throws {
        let pairs = binary(both: 20, firstOnly: 9, secondOnly: 1)
        let found = try compare(pairs.first, pairs.second)
        #expect(found.test == .mcNemarExact)
        #expect(found.firstOnly == 9)
        #expect(found.secondOnly == 1)
        // 2 · (1 + 10) / 2¹⁰.
        #expect(found.pValue == 22.0 / 1_024)
        #expect(found.verdict == .higher)
        #expect(try compare(pairs.second, pairs.first).verdict == .lower)
    }

    @Test("pair by sample and count what only one cell has")
    func overlap() throws {
        let half = Billionths.one / 2
        let found = try compare([[3, half], [9, 0], [1, half]], [[9, half], [4, 0], [3, 0], [5, 0]])
        #expect(found.sharedSamples == 2)
        #expect(found.samplesOnlyInFirst == 1)
        #expect(found.samplesOnlyInSecond == 2)
        #expect(found.difference == 0)
        #expect(found.firstMean == 0.25)
        #expect(found.secondMean == 0.25)
        #expect(found.verdict == .noDifferenceShown)
    }

    @Test("without shared samples, or with one, are insufficient evidence")
    func tooFew() throws {
        let none = try compare([[1, 5]], [[2, 5]])
        #expect(none.sharedSamples == 0)
        #expect(none.difference == nil)
        #expect(none.pValue == nil)
        #expect(none.verdict == .insufficientEvidence)
        let one = try compare([[1, 7]], [[1, 5]])
        #expect(one.difference == 2e-9)
        #expect(one.standardError == nil)
        #expect(one.verdict == .insufficientEvidence)
    }

    @Test("of identical results are insufficient evidence, not equality")
    func identical() throws {
        let pairs = binary(both: 40, firstOnly: 0, secondOnly: 0)
        let found = try compare(pairs.first, pairs.second)
        #expect(found.pValue == 1)
        #expect(found.minimumDetectableDifference == nil)
        #expect(found.verdict == .insufficientEvidence)
    }

    @Test("say 'no difference shown' only where a relevant one would have been found")
    func relevance() throws {
        let pairs = binary(both: 90, firstOnly: 5, secondOnly: 5)
        let lenient = try compare(pairs.first, pairs.second, rule: ComparisonRule(relevantDifference: 0.2))
        let strict = try compare(pairs.first, pairs.second, rule: ComparisonRule(relevantDifference: 0.01))
        #expect(lenient.verdict == .noDifferenceShown)
        #expect(strict.verdict == .insufficientEvidence)
    }

    @Test("judge by the p value that is adjusted over the table")
    func adjusted() throws {
        let pairs = binary(both: 20, firstOnly: 9, secondOnly: 1)
        let columns = try OutcomeColumns(rows(0, pairs.first) + rows(1, pairs.second))
        let table = [CellPair](repeating: CellPair(first: 0, second: 1), count: 3)
        let found = try reduceRound(columns: [columns], cells: cells, pairs: table).comparisons
        #expect(found.allSatisfy { $0.adjustedPValue == 66.0 / 1_024 && $0.verdict != .higher })
    }

    @Test("have an interval within what two rates, or two declared ranges, can differ by")
    func bounds() throws {
        let one = Billionths.one
        let first = [[0, one], [1, one], [2, one]]
        let second = [[0, 0], [1, 0], [2, one]]
        // 2/3 ± 4.30 · 1/3 ends beyond 1.
        #expect(try compare(first, second).interval?.upper == 1)
        #expect(try compare(second, first).interval?.lower == -1)
        let half = [[0, 0], [1, 0], [2, one / 2]]
        let free = try compare(first, half)
        #expect(try #require(free.interval).upper > 1, "a graded score has no bounds of its own")
        let declared = CellSpec(planned: 1_000, scoreRange: 0...one)
        let columns = try OutcomeColumns(rows(0, first) + rows(1, half))
        let found = try reduceRound(
            columns: [columns],
            cells: [declared, declared],
            pairs: [CellPair(first: 0, second: 1)]
        ).comparisons[0]
        #expect(found.interval?.upper == 1)
        #expect(found.interval?.lower == free.interval?.lower)
    }

    @Test("refuse a pair that the round does not have")
    func unknownPair() throws {
        #expect(throws: ReductionError.unknownPair(first: 0, second: 2, cellCount: 2)) {
            try reduceRound(columns: [], cells: cells, pairs: [CellPair(first: 0, second: 2)])
        }
    }
}
