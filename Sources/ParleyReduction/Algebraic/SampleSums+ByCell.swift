// SampleSums+ByCell.swift: the sums of rounds whose accumulators no cache holds, and of rounds whose sample ids are
// scattered. Rows that come in any order wait for memory at each accumulator, or at each step of a search. So what the
// rows add is moved together by cell, and added up where the nearest cache holds the whole cell. Of scattered ids the
// layout has met every row in the same order, cell by cell, and knows its rank: none is searched for again.

import ParleyDispatch

/// Of every row what it adds to the word of its sample.
private struct RowWords<Word: FixedWidthInteger & SignedInteger & BitwiseCopyable & Sendable>: RowSource {
    let table: ScoringTable<Word>

    @inline(__always)
    func element(_ columns: OutcomeColumns, row: Int) -> Word {
        table.word(
            table.entry(cell: Int(columns.cell[row]), mark: columns.mark[row]),
            score: columns.score[row]
        )
    }
}

/// What a row adds, and to which of its cell's slots. Twelve bytes: the word is kept in halves.
private struct PlacedWord: Sendable, BitwiseCopyable {
    var slot: Int32
    var low: UInt32
    var high: Int32

    @inline(__always)
    init(_ word: Int64, slot: Int32) {
        self.slot = slot
        low = UInt32(truncatingIfNeeded: word)
        high = Int32(truncatingIfNeeded: word >> 32)
    }

    @inline(__always)
    var word: Int64 { Int64(high) << 32 | Int64(low) }
}

private struct PlacedWords: RowSource {
    let table: ScoringTable<Int64>
    /// By cell, what is added to a sample id to get its slot among the cell's.
    let bases: [Int32]

    @inline(__always)
    func element(_ columns: OutcomeColumns, row: Int) -> PlacedWord {
        let cell = Int(columns.cell[row])
        let word = table.word(table.entry(cell: cell, mark: columns.mark[row]), score: columns.score[row])
        return PlacedWord(word, slot: columns.sample[row] &+ bases[cell])
    }
}

extension SampleSums {
    /// Whether ``foldByCell(_:threads:)`` is the faster way: not where a cache holds all accumulators, nor where a few
    /// cells would be too few parts for the threads.
    func isFoldedByCell(threads: Int, cached: CachedAccumulators = CachedAccumulators()) -> Bool {
        layout.cellCount > 2 * threads && (!layout.isDense || (!isWide && layout.slotCount > cached.samples))
    }

    /// The state of all rows.
    ///
    /// - Parameter columns: those that the layout was made for, in the same order.
    func foldByCell(_ columns: [OutcomeColumns], threads: Int) -> State {
        var state = initialize()
        if isWide {
            fold(columns, into: &state.wide, wideTable, threads: threads)
        } else if layout.isDense {
            foldDense(columns, into: &state.narrow, threads: threads)
        } else {
            fold(columns, into: &state.narrow, narrowTable, threads: threads)
        }
        return state
    }

    private func foldDense(_ columns: [OutcomeColumns], into words: inout LargeArray<Int64>, threads: Int) {
        let layout = layout
        let byCell = ScatteredByCell(
            cellCount: layout.cellCount,
            columns: columns,
            threads: threads,
            source: PlacedWords(
                table: narrowTable,
                bases: (0..<layout.cellCount).map { Int32(truncatingIfNeeded: layout.bases[$0] - layout.offsets[$0]) }
            )
        )
        words.withMutableSpan { words in
            unsafe words.withUnsafeMutableBufferPointer { buffer in
                // Unsafe: each cell has slots of its own.
                nonisolated(unsafe) let target = unsafe buffer
                parallelFor(count: layout.cellCount, threads: threads) { cell in
                    let slots = layout.slots(of: cell)
                    byCell.withElements(of: cell) { rows in
                        for row in rows.indices {
                            let placed = rows[row]
                            let slot = Int(placed.slot)
                            precondition(slot >= 0 && slot < slots.count, "a sample of the layout")
                            unsafe target[slots.lowerBound &+ slot] &+= placed.word
                        }
                    }
                }
            }
        }
    }

    private func fold<Word>(
        _ columns: [OutcomeColumns],
        into words: inout LargeArray<Word>,
        _ table: ScoringTable<Word>,
        threads: Int
    ) {
        let byCell = ScatteredByCell(
            cellCount: layout.cellCount,
            columns: columns,
            threads: threads,
            source: RowWords(table: table)
        )
        let sums = parallelMap(count: layout.cellCount, threads: threads) { cell in
            var sums = [Word](repeating: 0, count: layout.slots(of: cell).count)
            let ranks = layout.rowRanks(of: cell)
            byCell.withElements(of: cell) { words in
                for row in words.indices { sums[Int(ranks[row])] &+= words[row] }
            }
            return sums
        }
        words.withMutableSpan { words in
            for cell in sums.indices {
                for (slot, sum) in zip(layout.slots(of: cell), sums[cell]) { words[slot] = sum }
            }
        }
    }
}
