// ScatteredByCell.swift: something of every row, moved so that what belongs to one cell lies together. What is then
// looked up or added up for the cell stays within the nearest cache.
// The order within a cell is that of the rows, whatever the number of threads.

import ParleyDispatch

/// What is kept of a row. A type and not a closure, so that no row costs a call.
protocol RowSource<Element>: Sendable {
    associatedtype Element: BitwiseCopyable & Sendable

    /// What is kept of one row of some columns.
    func element(_ columns: OutcomeColumns, row: Int) -> Element
}

/// One element a row, contiguous by cell.
struct ScatteredByCell<Element: BitwiseCopyable & Sendable>: Sendable {
    /// The place of each cell's first element, and at the end the number of all elements.
    let offsets: [Int]
    private let elements: LargeArray<Element>

    init(cellCount: Int, columns: [OutcomeColumns], threads: Int, source: some RowSource<Element>) {
        let chunks = RowChunks(columns)
        // Each thread's chunks are fixed here, because what it counts must be what it scatters.
        let counts = parallelMap(count: threads, threads: threads) { share in
            var counts = [Int](repeating: 0, count: cellCount)
            chunks.forEach(share: share, of: threads) { part, rows in
                let cells = part.cell.span
                for row in rows { counts[Int(cells[row])] += 1 }
            }
            return counts
        }
        let offsets = prefixSums((0..<cellCount).map { cell in counts.reduce(0) { $0 + $1[cell] } })
        var elements = LargeArray<Element>(zeros: offsets[cellCount])
        elements.withMutableSpan { span in
            unsafe span.withUnsafeMutableBufferPointer { buffer in
                // Unsafe: the shares write to disjoint places, which the counts above give them.
                nonisolated(unsafe) let target = unsafe buffer
                parallelFor(count: threads, threads: threads) { share in
                    var next = (0..<cellCount).map { cell in
                        counts[..<share].reduce(offsets[cell]) { $0 + $1[cell] }
                    }
                    chunks.forEach(share: share, of: threads) { part, rows in
                        let cells = part.cell.span
                        for row in rows {
                            let cell = Int(cells[row])
                            unsafe target[next[cell]] = source.element(part, row: row)
                            next[cell] &+= 1
                        }
                    }
                }
            }
        }
        self.offsets = offsets
        self.elements = elements
    }

    /// Calls `body` with the elements of one cell.
    func withElements<Result>(of cell: Int, _ body: (Span<Element>) -> Result) -> Result {
        elements.withSpan { body($0.extracting(offsets[cell]..<offsets[cell + 1])) }
    }
}
