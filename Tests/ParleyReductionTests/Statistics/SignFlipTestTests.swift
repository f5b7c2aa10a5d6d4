import Testing

// SignFlipTestTests.swift: sign flips against scipy where all are counted, against a million draws of numpy's where they
// are not; then ties that rounding breaks, the three widths of the sums, seeds, and what a comparison makes of it.
@testable import ParleyReduction

@Suite("Sign-flip tests")
struct SignFlipTestTests {
    private let plan = PermutationPlan(draws: 10_000, seed: 5)
    private static let unit = SharedSamples.one / 1_000_000_000

    private func test(_ billionths: [Int64], seed: UInt64 = 1) -> PermutationTest? {
        PermutationTest(billionths.map { Int128($0) * Self.unit }, plan: plan, seed: seed)
    }

    @Test("of few differences agree with scipy's, within 1e-12", arguments: RollUpFixtures.exactSignFlips)
    func exact(example: SignFlipCase) throws {
        let found = try #require(test(example.differences))
        #expect(found.isExact)
        #expect(isClose(found.pValue, example.pValue, relative: 1e-12), "\(example.differences): \(found)")
        #expect(found.draws == 1 << example.differences.count { $0 != 0 })
    }

    @Test("of many differences agree with numpy's draws", arguments: RollUpFixtures.drawnSignFlips)
    func drawn(example: SignFlipCase) throws {
        let found = try #require(test(example.differences))
        #expect(!found.isExact && found.draws == 10_000)
        // Five standard errors of both, a million draws there and ten thousand here.
        let variance = example.pValue * (1 - example.pValue)
        let error = (variance / 10_000 + variance / 1_000_000).squareRoot() + 1e-4
        #expect((found.pValue - example.pValue).magnitude < 5 * error, "\(found.pValue) is not \(example.pValue)")
    }

    @Test(
        "that enumerate and that draw agree with a naive loop over the same signs",
        arguments: [1, 7, 16, 17, 64, 65, 300]
    )
    func naive(count: Int) throws {
        var generator = SeededGenerator(seed: UInt64(count))
        let numbers = (0..<count).map { _ in Int64.random(in: -1_000...1_000, using: &generator) }
        let threshold = abs(numbers.reduce(0, +))
        let random = CounterRandom(seed: 3)
        let words = (count + 63) / 64
        func sum(_ sign: (Int) -> Bool) -> Int64 {
            numbers.indices.reduce(0) { $0 + (sign($1) ? numbers[$1] : -numbers[$1]) }
        }
        let expected = (0..<1_000).count { draw in
            let total = sum { random.word(UInt64(draw * words + $0 / 64)) >> UInt64($0 % 64) & 1 == 1 }
            return abs(total) >= threshold
        }
        #expect(SignFlipSums(numbers).countReaching(threshold, draws: 1_000, seed: 3) == expected)
        #expect(
            SignFlipSums(numbers.map { Int128($0) }).countReaching(Int128(threshold), draws: 1_000, seed: 3) == expected
        )
        guard count <= PermutationTest.exactLimit else { return }
        let all = (0..<1 << count).count { signs in abs(sum { signs >> $0 & 1 == 1 }) >= threshold }
        #expect(SignFlipSums(numbers).countReachingOfAll(threshold) == all)
    }

    @Test("count sums that only rounding tells apart as equal")
    func ties() throws {
        // Thirds: 2/3 − 1/3 and 1/3 are equal, and the fixed-point numbers nearest to them are not.
        let third = SharedSamples.one / 3
        let twoThirds = 2 * SharedSamples.one / 3 + 1
        #expect(twoThirds - third != third)
        let found = try #require(PermutationTest([twoThirds, -third, third], plan: plan, seed: 1))
        // |±2 ±1 ±1| ≥ 2: all but those with both ones against the two.
        #expect(found.pValue == 0.75)
    }

    @Test("come to the same in 64 bits, after division, and in 128 bits")
    func widths() throws {
        var generator = SeededGenerator(seed: 8)
        let small = (0..<40).map { _ in Int128(Int64.random(in: -900...1_000, using: &generator)) }
        let narrow = try #require(PermutationTest(small.map { $0 << 30 }, plan: plan, seed: 2))
        let divided = try #require(PermutationTest(small.map { $0 << 60 }, plan: plan, seed: 2))
        // An odd unit somewhere leaves nothing to divide by.
        let wide = try #require(PermutationTest([1 << 60 + 1] + small.map { $0 << 60 }, plan: plan, seed: 2))
        let beside = try #require(PermutationTest([1 << 30] + small.map { $0 << 30 }, plan: plan, seed: 2))
        #expect(narrow == divided)
        #expect(wide == beside)
        let largest = Int128(Billionths.scoreLimit) * Int128(SharedSamples.fraction)
        let huge = [Int128](repeating: 2 * largest, count: 1_000)
        #expect(PermutationTest(huge, plan: plan, seed: 1)?.pValue == 1.0 / 10_001)
    }

    @Test("of nothing, of zeros, of one difference and of equal ones")
    func corners() throws {
        #expect(test([]) == nil)
        #expect(test([0, 0, 0]) == PermutationTest(pValue: 1, draws: 1, isExact: true))
        #expect(test([7]) == PermutationTest(pValue: 1, draws: 2, isExact: true))
        #expect(test([Int64](repeating: 3, count: 16))?.pValue == 0x1p-15)
        #expect(test([Int64](repeating: 3, count: 17))?.pValue == 1.0 / 10_001)
        #expect(test([5, -5])?.pValue == 1)
    }

    @Test("stand beside the t test of a comparison, the same for a swapped pair and any number of threads")
    func comparison() throws {
        let columns = try OutcomeColumns(RandomRound(seed: 4).rows)
        var cells = RandomRound.cells
        for cell in cells.indices { cells[cell].identity = UInt64(cell + 1) }
        func compare(threads: Int, seed: UInt64 = 5) throws -> [PairedComparison] {
            try reduceRound(
                columns: [columns],
                cells: cells,
                pairs: RandomRound.pairs,
                permutations: PermutationPlan(draws: 2_000, seed: seed),
                threads: threads
            ).comparisons
        }
        let found = try compare(threads: 1)
        #expect(try compare(threads: 3) == found)
        #expect(found[0].permutation == found[2].permutation)
        #expect(try compare(threads: 1, seed: 6)[0].permutation != found[0].permutation)
        for comparison in found {
            let (own, t) = (try #require(comparison.permutationPValue), try #require(comparison.pValue))
            #expect((own - t).magnitude < 0.05, "\(own) is far from the t test's \(t)")
        }
        let plain = try reduceRound(columns: [columns], cells: cells, pairs: RandomRound.pairs).comparisons
        #expect(plain.allSatisfy { $0.permutation == nil })
        #expect(plain.map(\.verdict) == found.map(\.verdict))
    }

    @Test("are not made where McNemar's test is one already")
    func mcNemar() throws {
        let rows = [(0, 0, 1), (0, 1, 1), (1, 0, 0), (1, 1, 1)].map { cell, sample, score in
            OutcomeRow(cell: Int32(cell), sample: Int32(sample), kind: .scored, score: Int64(score) * Billionths.one)
        }
        let found = try reduceRound(
            columns: [OutcomeColumns(rows)],
            cells: [CellSpec](repeating: CellSpec(planned: 2), count: 2),
            pairs: [CellPair(first: 0, second: 1)],
            permutations: plan
        ).comparisons[0]
        #expect(found.test == .mcNemarExact && found.permutation == nil)
        let flipped = test([Billionths.one, 0])
        #expect(flipped?.pValue == found.pValue)
    }
}
