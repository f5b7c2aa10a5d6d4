import Testing

// DeterminismTests.swift: the same outcomes give the same bytes, in any order and through any partial states.
@testable import ParleyReduction

@Suite("The same outcomes give the same bytes")
struct DeterminismTests {
    /// The bits of every field of the findings and comparisons.
    private func image(_ rows: [OutcomeRow]) throws -> [String] {
        let columns = try OutcomeColumns(rows)
        return bitImage(try reduceRound(columns: [columns], cells: RandomRound.cells, pairs: RandomRound.pairs))
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
        let reducer = try CellReducer(cells: RandomRound.cells, columns: columns)
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
            findings: try reducer.finalize(states[0]),
            comparisons: try reducer.compare(states[0], pairs: RandomRound.pairs)
        )
        #expect(bitImage(found) == expected, "seed \(seed)")
    }

    @Test("in place and moved together by cell", arguments: 1...12 as ClosedRange<UInt64>, [1, 2, 7])
    func byCell(seed: UInt64, threads: Int) throws {
        let rows = RandomRound(seed: seed).rows
        let middle = rows.count / 3
        let columns = [try OutcomeColumns(rows[..<middle]), try OutcomeColumns(rows[middle...])]
        let images = try [CachedAccumulators(), CachedAccumulators(samples: 0, latencies: 0)].map { cached in
            let reducer = try CellReducer(
                cells: RandomRound.cells,
                columns: columns,
                level: 0.95,
                bootstrap: nil,
                threads: threads,
                cached: cached
            )
            #expect(
                reducer.samples.isFoldedByCell(threads: threads, cached: cached)
                    == (cached.samples == 0 && RandomRound.cells.count > 2 * threads)
            )
            let state = reducer.fold()
            return bitImage(
                Reduction(
                    findings: try reducer.finalize(state),
                    comparisons: try reducer.compare(state, pairs: RandomRound.pairs)
                )
            )
        }
        #expect(images[0] == images[1], "seed \(seed), \(threads) threads")
    }

    @Test("an empty state changes nothing")
    func neutral() throws {
        let columns = try OutcomeColumns(RandomRound(seed: 3).rows)
        let reducer = try CellReducer(cells: RandomRound.cells, columns: [columns])
        var state = reducer.fold()
        let before = bitImage(try reducer.finalize(state))
        reducer.combine(&state, reducer.initialize())
        #expect(bitImage(try reducer.finalize(state)) == before)
    }

    @Test("on any number of threads, from any number of parts", arguments: 1...4 as ClosedRange<UInt64>)
    func threads(seed: UInt64) throws {
        let rows = RandomRound(seed: seed, samples: 4_000, sampleStride: seed.isMultiple(of: 2) ? 1 : 400_000).rows
        var generator = SeededGenerator(seed: seed &+ 70)
        let cells = RandomRound.cells(planned: 40_000)
        func image(_ columns: [OutcomeColumns], threads: Int) throws -> [String] {
            bitImage(try reduceRound(columns: columns, cells: cells, pairs: RandomRound.pairs, threads: threads))
        }
        let expected = try image([OutcomeColumns(rows)], threads: 1)
        for threads in [2, 7] {
            var parts = [[OutcomeRow]](repeating: [], count: .random(in: 1...5, using: &generator))
            for row in rows { parts[Int.random(in: 0..<parts.count, using: &generator)].append(row) }
            let found = try image(parts.map { try OutcomeColumns($0) }, threads: threads)
            #expect(found == expected, "seed \(seed), \(threads) threads")
        }
    }

    @Test("swapping the cells of a pair negates the difference and keeps the p value")
    func swapped() throws {
        let columns = try OutcomeColumns(RandomRound(seed: 8).rows)
        let reduction = try reduceRound(columns: [columns], cells: RandomRound.cells, pairs: RandomRound.pairs)
        let forward = reduction.comparisons[0]
        let backward = reduction.comparisons[2]
        let difference = try #require(forward.difference)
        #expect(backward.difference == -difference)
        #expect(backward.pValue == forward.pValue)
        #expect(backward.samplesOnlyInFirst == forward.samplesOnlyInSecond)
    }
}
