// CellReducer.swift: the aggregate of whole findings: totals, sample sums and latencies side by side.
// One state serves the findings of the cells and the comparisons between them.

/// Reduces outcomes to the findings of all cells.
public struct CellReducer: Aggregate {
    /// The states of the three aggregates.
    public struct State: Sendable, Equatable {
        /// Distributive: counts and sums.
        public var totals: CellTotals.State
        /// Algebraic: observations by sample.
        public var samples: SampleSums.State
        /// Holistic: latencies.
        public var latencies: Latencies.State
    }

    /// The specifications, by cell index.
    public let cells: [CellSpec]
    let totals: CellTotals
    let samples: SampleSums
    let latencies: Latencies

    /// Makes a reducer.
    ///
    /// - Parameters:
    ///   - cells: the specification of every cell of the layout.
    ///   - layout: the samples that occur in the outcomes; one layout for all partial states.
    ///   - level: the confidence level of the intervals, between 0 and 1.
    public init(cells: [CellSpec], layout: ClusterLayout, level: Double = 0.95) {
        self.cells = cells
        totals = CellTotals(cellCount: cells.count)
        samples = SampleSums(cells: cells, layout: layout, level: level)
        latencies = Latencies(cellCount: cells.count)
    }

    /// The state of no outcomes.
    public func initialize() -> State {
        State(totals: totals.initialize(), samples: samples.initialize(), latencies: latencies.initialize())
    }

    /// Takes the rows into all three aggregates.
    public func update(_ state: inout State, _ columns: OutcomeColumns, rows: Range<Int>) {
        totals.update(&state.totals, columns, rows: rows)
        samples.update(&state.samples, columns, rows: rows)
        latencies.update(&state.latencies, columns, rows: rows)
    }

    /// Takes the outcomes of the other state, which must be of the same layout.
    public func combine(_ state: inout State, _ other: State) {
        totals.combine(&state.totals, other.totals)
        samples.combine(&state.samples, other.samples)
        latencies.combine(&state.latencies, other.latencies)
    }

    /// The finding of every cell, by index.
    public func finalize(_ state: State) -> [CellFinding] {
        let totals = totals.finalize(state.totals)
        let scores = samples.finalize(state.samples)
        let latencies = latencies.finalize(state.latencies)
        return cells.indices.map { cell in
            CellFinding(
                cell: cell,
                spec: cells[cell],
                totals: totals[cell],
                score: scores[cell],
                latency: latencies[cell]
            )
        }
    }

    /// Refuses outcomes that cannot be those of the plan.
    ///
    /// - Throws: ``ReductionError`` when a cell has more outcomes than planned, or a sample more than epochs.
    public func check(_ state: State) throws(ReductionError) {
        for (cell, totals) in totals.finalize(state.totals).enumerated() {
            let finished = totals.finished.total
            guard finished > cells[cell].planned else { continue }
            throw .moreFinishedThanPlanned(cell: cell, planned: cells[cell].planned, finished: finished)
        }
        try samples.check(state.samples)
    }
}
