import Testing

// DeterminismTests.swift: the same outcomes give the same bytes, in any order and through any partial states.
@testable import ParleyReduction

@Suite("The same outcomes give the same bytes")
struct DeterminismTests {
    /// The bits of every field of the findings and comparisons.
    private func image(_ rows: [OutcomeRow]) throws -> [String] {
        let columns = try OutcomeColumns(rows)
        return bitImage(try reduceRound(columns: columns, cells: RandomRound.cells, pairs: RandomRound.pairs))
    }

    @Test("in any order of the rows", arguments: 1...12 as ClosedRange<UInt64>, [3, 30_000_000] as [Int32])
    func shuffled(seed: UInt64, stride: Int32) throws {
        let rows = RandomRound(seed: seed, sampleStride: stride).rows
        let expected = try image(rows)
        var generator = SeededGenerator(seed: seed &+ 900)
        for _ in 0..<3 {
            let found = try image(rows.shuffled(using: &generator))
            #expect(found == expected, "seed \(seed), stride \(stride)")
        }
        #expect(expected.count > 200, "the image holds every field")
    }

    @Test("split into any parts, combined in any order", arguments: 1...12 as ClosedRange<UInt64>)
    func split(seed: UInt64) throws {
        let rows = RandomRound(seed: seed).rows
        let expected = try image(rows)
        var generator = SeededGenerator(seed: seed &+ 5_000)
        var parts = [[OutcomeRow]](repeating: [], count: .random(in: 2...9, using: &generator))
        for row in rows { parts[Int.random(in: 0..<parts.count, using: &generator)].append(row) }
        let columns = try parts.map { try OutcomeColumns($0) }
        let layout = try ClusterLayout(cellCount: RandomRound.cells.count, columns: columns)
        let reducer = CellReducer(cells: RandomRound.cells, layout: layout)
        var states = columns.map { part in
            var state = reducer.initialize()
            let middle = part.count / 2
            reducer.update(&state, part, rows: middle..<part.count)
            reducer.update(&state, part, rows: 0..<middle)
            return state
        }
        // Combine random neighbours, in a random tree, until one state is left.
        while states.count > 1 {
            states.shuffle(using: &generator)
            let last = states.removeLast()
            reducer.combine(&states[0], last)
        }
        let found = Reduction(
            findings: reducer.finalize(states[0]),
            comparisons: try reducer.compare(states[0], pairs: RandomRound.pairs)
        )
        #expect(bitImage(found) == expected, "seed \(seed)")
    }

    @Test("an empty state changes nothing")
    func neutral() throws {
        let columns = try OutcomeColumns(RandomRound(seed: 3).rows)
        let layout = try ClusterLayout(cellCount: RandomRound.cells.count, columns: [columns])
        let reducer = CellReducer(cells: RandomRound.cells, layout: layout)
        var state = reducer.initialize()
        reducer.update(&state, columns, rows: 0..<columns.count)
        let before = bitImage(reducer.finalize(state))
        reducer.combine(&state, reducer.initialize())
        #expect(bitImage(reducer.finalize(state)) == before)
    }

    @Test("swapping the cells of a pair negates the difference and keeps the p value")
    func swapped() throws {
        let columns = try OutcomeColumns(RandomRound(seed: 8).rows)
        let reduction = try reduceRound(columns: columns, cells: RandomRound.cells, pairs: RandomRound.pairs)
        let forward = reduction.comparisons[0]
        let backward = reduction.comparisons[2]
        let difference = try #require(forward.difference)
        #expect(backward.difference == -difference)
        #expect(backward.pValue == forward.pValue)
        #expect(backward.samplesOnlyInFirst == forward.samplesOnlyInSecond)
    }
}
