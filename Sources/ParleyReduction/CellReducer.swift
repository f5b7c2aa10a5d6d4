// CellReducer.swift: the aggregate of whole findings: totals, sample sums and latencies side by side.
// One state serves the findings of the cells and the comparisons between them.

import ParleyDispatch

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
    public let cells: [CellSpec]
    /// The confidence level of the intervals.
    public let level: Double
    /// How the cells' means are drawn again, where that was asked for.
    public let bootstrap: BootstrapPlan?
    let totals: CellTotals
    let samples: SampleSums
    let latencies: LatencySelection
    private let columns: [OutcomeColumns]
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
        precondition(level > 0 && level < 1, "a confidence level lies between 0 and 1")
        self.cells = cells
        self.level = level
        self.bootstrap = bootstrap
        self.columns = columns
        self.threads = threads
        let layout = try ClusterLayout(cellCount: cells.count, columns: columns, threads: threads)
        totals = CellTotals(cellCount: cells.count)
        samples = SampleSums(cells: cells, layout: layout)
        latencies = LatencySelection(cellCount: cells.count, columns: columns)
    }

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
        var states = foldRows(of: columns, threads: threads, initial: initialize, body: update)
        var state = states.removeFirst()
        for other in states { combine(&state, other) }
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
        let quantiles = IntervalQuantiles(level: level)
        let results = parallelMap(count: cells.count, threads: threads) { cell in
            Result { () throws(ReductionError) in
                try finding(of: cell, state, latency: latencies[cell], epochs: epochs, quantiles: quantiles)
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
        epochs: EpochReduction,
        quantiles: IntervalQuantiles
    ) throws(ReductionError) -> CellFinding {
        let spec = cells[cell]
        let totals = totals.totals(state.totals, of: cell)
        let finished = totals.finished.total
        guard finished <= spec.planned else {
            throw .moreFinishedThanPlanned(cell: cell, planned: spec.planned, finished: finished)
        }
        let observations = spec.observations(totals)
        try samples.check(state.samples, cell: cell, observations: observations.all)
        let score: ScoreEstimate
        let sum: Int128
        if epochs.isReduced(cell) {
            let clusters = samples.layout.slots(of: cell).compactMap(epochs.score).map { Cluster(count: 1, sum: $0) }
            let isRate = !clusters.isEmpty && clusters.allSatisfy { $0.sum == 0 || $0.sum == SharedSamples.one }
            score = estimate(clusters, fraction: SharedSamples.fraction, isRate: isRate, spec, quantiles)
            sum = samples.clusters(state.samples, of: cell).reduce(0) { $0 + $1.sum }
        } else {
            let isRate = observations.all > 0 && observations.graded == 0
            score = estimate(samples.clusters(state.samples, of: cell), fraction: 1, isRate: isRate, spec, quantiles)
            sum = score.sum
        }
        return CellFinding(cell: cell, spec: spec, totals: totals, sum: sum, score: score, latency: latency)
    }

    private func estimate(
        _ clusters: some Collection<Cluster>,
        fraction: Int64,
        isRate: Bool,
        _ spec: CellSpec,
        _ quantiles: IntervalQuantiles
    ) -> ScoreEstimate {
        let mean = ClusteredMean(clusters, fraction: fraction)
        var score = ScoreEstimate(mean, isRate: isRate, range: spec.scoreRange, quantiles: quantiles)
        score.bootstrap = bootstrap.flatMap { plan in
            ClusterBootstrap(clusters, fraction: fraction).estimate(
                resamples: plan.resamples,
                seed: ClusterBootstrap.seed(plan, identity: spec.identity),
                level: level
            )
        }
        return score
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
