// CellReducer.swift: the aggregate of whole findings: totals, sample sums and latencies side by side.
// One state serves the findings of the cells and the comparisons between them.

import ParleyDispatch

/// How many accumulators are taken to stay in the caches. With more of them rows are moved together by cell first, since
/// waiting for memory at each row costs more; the findings are the same.
struct CachedAccumulators: Sendable {
    /// Words of 8 bytes, one a sample.
    var samples = 1 << 17
    /// Counters of 4 bytes.
    var latencies = 1 << 18
}

/// Reduces outcomes to the findings of all cells.
public struct CellReducer: Aggregate {
    /// The states of the three aggregates.
    public struct State: Sendable, Equatable {
        /// Distributive: counts and sums.
        public var totals: CellTotals.State
        /// Algebraic: observations by sample.
        public var samples: SampleSums.State
        /// Holistic: latencies.
        public var latencies: LatencySelection.State
    }

    /// The specifications, by cell index.
    public var cells: [CellSpec] { finalizer.cells }
    /// The confidence level of the intervals.
    public var level: Double { finalizer.level }
    /// How the cells' means are drawn again, where that was asked for.
    public var bootstrap: BootstrapPlan? { finalizer.bootstrap }
    private let finalizer: CellFinalizer
    private let latencies: LatencySelection
    private let columns: [OutcomeColumns]
    private let cached: CachedAccumulators
    let threads: Int

    /// Makes a reducer for all of a round's outcomes.
    ///
    /// - Parameters:
    ///   - cells: the specification of every cell; its position is the cell's index.
    ///   - columns: the outcomes, in any number of parts.
    ///   - level: the confidence level of the intervals, between 0 and 1.
    ///   - bootstrap: how to draw the cells' means again, or `nil` not to.
    ///   - threads: the most threads to use; no result depends on it.
    /// - Throws: ``ReductionError/unknownCell(cell:cellCount:)`` when a row names a cell beyond `cells`.
    public init(
        cells: [CellSpec],
        columns: [OutcomeColumns],
        level: Double = 0.95,
        bootstrap: BootstrapPlan? = nil,
        threads: Int = 1
    ) throws(ReductionError) {
        try self.init(
            cells: cells,
            columns: columns,
            level: level,
            bootstrap: bootstrap,
            threads: threads,
            cached: CachedAccumulators()
        )
    }

    init(
        cells: [CellSpec],
        columns: [OutcomeColumns],
        level: Double,
        bootstrap: BootstrapPlan?,
        threads: Int,
        cached: CachedAccumulators
    ) throws(ReductionError) {
        self.columns = columns
        self.threads = threads
        self.cached = cached
        let layout = try ClusterLayout(cellCount: cells.count, columns: columns, threads: threads)
        finalizer = CellFinalizer(cells: cells, layout: layout, level: level, bootstrap: bootstrap)
        latencies = LatencySelection(cellCount: cells.count, columns: columns, cached: cached)
    }

    var totals: CellTotals { finalizer.totals }
    var samples: SampleSums { finalizer.samples }

    /// The state of no outcomes.
    public func initialize() -> State {
        State(totals: totals.initialize(), samples: samples.initialize(), latencies: latencies.initialize())
    }

    /// Takes the rows, which are some of the reducer's columns, into all three aggregates.
    public func update(_ state: inout State, _ columns: OutcomeColumns, rows: Range<Int>) {
        totals.update(&state.totals, columns, rows: rows)
        samples.update(&state.samples, columns, rows: rows)
        latencies.update(&state.latencies, columns, rows: rows)
    }

    /// Takes the outcomes of the other state, which must be of the same reducer.
    public func combine(_ state: inout State, _ other: State) {
        totals.combine(&state.totals, other.totals)
        samples.combine(&state.samples, other.samples)
        latencies.combine(&state.latencies, other.latencies)
    }

    /// The state of all the reducer's rows.
    public func fold() -> State {
        let isByCell = samples.isFoldedByCell(threads: threads, cached: cached)
        var states = foldRows(of: columns, threads: threads, initial: initialize) { state, columns, rows in
            totals.update(&state.totals, columns, rows: rows)
            if !isByCell { samples.update(&state.samples, columns, rows: rows) }
            latencies.update(&state.latencies, columns, rows: rows)
        }
        var state = states.removeFirst()
        for other in states { combine(&state, other) }
        if isByCell { state.samples = samples.foldByCell(columns, threads: threads) }
        return state
    }

    /// The finding of every cell, by index.
    ///
    /// - Parameter state: that of all the reducer's rows.
    /// - Throws: ``ReductionError`` when a cell has more outcomes than planned, or a sample more than epochs.
    public func finalize(_ state: State) throws(ReductionError) -> [CellFinding] {
        try finalize(state, epochs: epochReduction(state))
    }

    /// The same with the reduced scores of the state, which the comparisons need too.
    func finalize(_ state: State, epochs: EpochReduction) throws(ReductionError) -> [CellFinding] {
        let latencies = latencies.finalize(state.latencies, columns, threads: threads)
        let results = parallelMap(count: cells.count, threads: threads) { cell in
            Result { () throws(ReductionError) in
                try finding(of: cell, state, latency: latencies[cell], epochs: epochs)
            }
        }
        var findings: [CellFinding] = []
        findings.reserveCapacity(results.count)
        for result in results { findings.append(try result.get()) }
        return findings
    }

    private func finding(
        of cell: Int,
        _ state: State,
        latency: LatencyQuantiles?,
        epochs: EpochReduction
    ) throws(ReductionError) -> CellFinding {
        let totals = try finalizer.totals(of: cell, state.totals, state.samples)
        let reduced = cells[cell].isReduced ? samples.layout.slots(of: cell).map(epochs.score) : nil
        let holistic = finalizer.holistic(of: cell, state.samples, latency: latency, reduced: reduced)
        return finalizer.finding(of: cell, totals, state.samples, holistic: holistic)
    }

    /// The reduced scores of the cells that have an epoch reducer.
    func epochReduction(_ state: State) -> EpochReduction {
        EpochReduction(cells: cells, samples: samples, state: state.samples, columns: columns)
    }
}

extension CellSpec {
    /// Of a cell's outcomes, those that enter the mean, and those of them that enter it as neither 0 nor 1.
    func observations(_ totals: CellTotals.Totals) -> (all: Int64, graded: Int64) {
        KindCode.allCases.reduce((0, 0)) { sum, kind in
            switch treatments[kind] {
            case .asScored:
                (sum.0 + totals.finished[kind] - totals.scoreless[kind], sum.1 + totals.graded[kind])
            case .scoreAs(let score):
                (
                    sum.0 + totals.finished[kind],
                    sum.1 + (OutcomeMark.Form(score) == .graded ? totals.finished[kind] : 0)
                )
            case .exclude, .reportApart: sum
            }
        }
    }
}
