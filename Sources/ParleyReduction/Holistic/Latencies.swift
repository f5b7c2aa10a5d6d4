// Latencies.swift: the holistic aggregate: every latency is kept, scattered by cell, until the quantiles are chosen.
// A state is a list of runs, one per update. Runs may lie in any order: a quantile sees the multiset only.

/// Exact latency quantiles by cell.
public struct Latencies: Aggregate {
    /// The latencies of one chunk, contiguous by cell.
    struct Run: Sendable, Equatable {
        /// The first value of each cell, and at the end the number of all values.
        var offsets: [Int]
        var values: [Int64]
    }

    /// All latencies seen so far.
    public struct State: Sendable, Equatable {
        var runs: [Run]
    }

    /// The number of cells.
    public let cellCount: Int

    /// Makes the aggregate for cells `0 ..< cellCount`.
    public init(cellCount: Int) {
        self.cellCount = cellCount
    }

    /// The state without runs.
    public func initialize() -> State { State(runs: []) }

    /// Scatters the latencies of the rows by cell into a run of their own.
    public func update(_ state: inout State, _ columns: OutcomeColumns, rows: Range<Int>) {
        let failed = KindCode.failed.rawValue
        var offsets = [Int](repeating: 0, count: cellCount + 1)
        for row in rows where columns.kind[row] != failed { offsets[Int(columns.cell[row]) + 1] += 1 }
        for cell in 0..<cellCount { offsets[cell + 1] += offsets[cell] }
        var next = offsets
        var values = [Int64](repeating: 0, count: offsets[cellCount])
        for row in rows where columns.kind[row] != failed {
            let cell = Int(columns.cell[row])
            values[next[cell]] = columns.latency[row]
            next[cell] += 1
        }
        state.runs.append(Run(offsets: offsets, values: values))
    }

    /// Takes the runs of the other state.
    public func combine(_ state: inout State, _ other: State) {
        state.runs.append(contentsOf: other.runs)
    }

    /// Chooses the quantiles of each cell; `nil` for a cell without latencies.
    public func finalize(_ state: State) -> [LatencyQuantiles?] {
        (0..<cellCount).map { cell in
            var values: [Int64] = []
            values.reserveCapacity(state.runs.reduce(0) { $0 + $1.offsets[cell + 1] - $1.offsets[cell] })
            for run in state.runs { values.append(contentsOf: run.values[run.offsets[cell]..<run.offsets[cell + 1]]) }
            return LatencyQuantiles(of: values)
        }
    }
}
