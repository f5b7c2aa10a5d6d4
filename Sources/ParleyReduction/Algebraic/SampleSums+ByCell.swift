// SampleSums+ByCell.swift: the sums of rounds whose sample ids are scattered. A search for each row's slot all over the
// tables of all cells waits for memory. But the layout has met every row, cell by cell, and knows its rank; so what the
// rows add is moved together by cell in the same order, and no row is searched for again.

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

extension SampleSums {
    /// Whether ``foldByCell(_:threads:)`` is the faster way: not where a slot needs no search, nor where a few cells
    /// would be too few parts for the threads.
    func isFoldedByCell(threads: Int) -> Bool { !layout.isDense && layout.cellCount > 2 * threads }

    /// The state of all rows.
    ///
    /// - Parameter columns: those that the layout was made for, in the same order.
    func foldByCell(_ columns: [OutcomeColumns], threads: Int) -> State {
        var state = initialize()
        if isWide {
            fold(columns, into: &state.wide, wideTable, threads: threads)
        } else {
            fold(columns, into: &state.narrow, narrowTable, threads: threads)
        }
        return state
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
