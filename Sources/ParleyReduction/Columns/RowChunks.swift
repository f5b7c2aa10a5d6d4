// RowChunks.swift: how rows are handed out to threads. Which thread takes which chunk is left to chance; that no result
// depends on it is what exact states are for.

import ParleyDispatch
import Synchronization

/// The rows of several columns, cut into chunks.
struct RowChunks: Sendable {
    /// Rows that one update takes: few enough that what its loops share stays in the caches.
    static let size = 4_096

    private let columns: [OutcomeColumns]
    private let chunks: [(part: Int, rows: Range<Int>)]

    init(_ columns: [OutcomeColumns]) {
        self.columns = columns
        chunks = columns.enumerated().flatMap { part, columns in
            stride(from: 0, to: columns.count, by: Self.size).map { start in
                (part, start..<min(columns.count, start + Self.size))
            }
        }
    }

    var count: Int { chunks.count }

    func chunk(_ index: Int) -> (columns: OutcomeColumns, rows: Range<Int>) {
        (columns[chunks[index].part], chunks[index].rows)
    }

    /// Calls `body` with one share's chunks: as many as the others', and always the same.
    func forEach(share: Int, of shares: Int, _ body: (OutcomeColumns, Range<Int>) -> Void) {
        for index in chunks.count * share / shares..<chunks.count * (share + 1) / shares {
            body(columns[chunks[index].part], chunks[index].rows)
        }
    }
}

/// Folds all rows into one state a thread; chunks are taken by whichever thread is free.
///
/// - Returns: the states, at least one; what they come to together depends on the rows alone.
func foldRows<State: Sendable>(
    of columns: [OutcomeColumns],
    threads: Int,
    initial: @Sendable () -> State,
    body: @Sendable (inout State, OutcomeColumns, Range<Int>) -> Void
) -> [State] {
    let chunks = RowChunks(columns)
    let next = Atomic<Int>(0)
    return parallelMap(count: max(1, min(threads, chunks.count)), threads: threads) { _ in
        var state = initial()
        while true {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < chunks.count else { return state }
            let (part, rows) = chunks.chunk(index)
            body(&state, part, rows)
        }
    }
}

/// The sums of all counts before each, and at the end the sum of all.
func prefixSums(_ counts: [Int]) -> [Int] {
    var sums = [0]
    sums.reserveCapacity(counts.count + 1)
    for count in counts { sums.append(sums[sums.count - 1] + count) }
    return sums
}
