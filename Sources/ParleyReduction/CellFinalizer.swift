// CellFinalizer.swift: from exact states to the finding of one cell. A finding has two parts: what follows from sums
// alone, and what needs all rows or many draws; a reduction from nothing makes both, a live one often only the first.

/// The part of a finding that is no function of sums.
struct HolisticResults: Sendable, Equatable {
    var latency: LatencyQuantiles?
    var bootstrap: BootstrapEstimate?
    /// The estimate from the reduced scores of the samples, where the cell has an epoch reducer.
    var reduced: ScoreEstimate?
}

/// Makes findings.
struct CellFinalizer: Sendable {
    let cells: [CellSpec]
    let bootstrap: BootstrapPlan?
    let totals: CellTotals
    let samples: SampleSums
    private let quantiles: IntervalQuantiles

    /// - Parameters:
    ///   - cells: the specification of every cell of the layout.
    ///   - layout: where each sample's accumulator lies.
    ///   - level: the confidence level of the intervals, between 0 and 1.
    ///   - bootstrap: how to draw the cells' means again, or `nil` not to.
    init(cells: [CellSpec], layout: ClusterLayout, level: Double, bootstrap: BootstrapPlan?) {
        precondition(level > 0 && level < 1, "a confidence level lies between 0 and 1")
        self.cells = cells
        self.bootstrap = bootstrap
        totals = CellTotals(cellCount: cells.count)
        samples = SampleSums(cells: cells, layout: layout)
        quantiles = IntervalQuantiles(level: level)
    }

    /// The confidence level of the intervals.
    var level: Double { quantiles.level }

    /// The totals of a cell, which with its sample sums are found to be possible.
    func totals(
        of cell: Int,
        _ totals: CellTotals.State,
        _ samples: SampleSums.State
    ) throws(ReductionError) -> CellTotals.Totals {
        let spec = cells[cell]
        let own = self.totals.totals(totals, of: cell)
        let finished = own.finished.total
        guard finished <= spec.planned else {
            throw .moreFinishedThanPlanned(cell: cell, planned: spec.planned, finished: finished)
        }
        try self.samples.check(samples, cell: cell, observations: spec.observations(own).all)
        return own
    }

    /// The holistic part of a cell.
    ///
    /// - Parameter reduced: where the cell has an epoch reducer, the scores of its samples in billionths · 2⁻²⁴,
    ///   ascending by sample id.
    func holistic(
        of cell: Int,
        _ samples: SampleSums.State,
        latency: LatencyQuantiles?,
        reduced: [Int128?]?
    ) -> HolisticResults {
        guard let reduced else {
            let draws = draws(self.samples.clusters(samples, of: cell), fraction: 1, of: cell)
            return HolisticResults(latency: latency, bootstrap: draws)
        }
        let clusters = reduced.compactMap { $0 }.map { Cluster(count: 1, sum: $0) }
        let isRate = !clusters.isEmpty && clusters.allSatisfy { $0.sum == 0 || $0.sum == SharedSamples.one }
        let mean = ClusteredMean(clusters, fraction: SharedSamples.fraction)
        return HolisticResults(
            latency: latency,
            bootstrap: draws(clusters, fraction: SharedSamples.fraction, of: cell),
            reduced: ScoreEstimate(mean, isRate: isRate, range: cells[cell].scoreRange, quantiles: quantiles)
        )
    }

    private func draws(_ clusters: some Collection<Cluster>, fraction: Int64, of cell: Int) -> BootstrapEstimate? {
        bootstrap.flatMap { plan in
            ClusterBootstrap(clusters, fraction: fraction).estimate(
                resamples: plan.resamples,
                seed: ClusterBootstrap.seed(plan, identity: cells[cell].identity),
                level: level
            )
        }
    }

    /// The finding of a cell.
    ///
    /// - Parameter totals: as ``totals(of:_:_:)`` found them.
    func finding(
        of cell: Int,
        _ totals: CellTotals.Totals,
        _ samples: SampleSums.State,
        holistic: HolisticResults
    ) -> CellFinding {
        let spec = cells[cell]
        var score = holistic.reduced ?? estimate(of: cell, totals, samples)
        // A reduced estimate has a sum of its own: that of one score a sample.
        let sum =
            holistic.reduced == nil
            ? score.sum : self.samples.clusters(samples, of: cell).reduce(0) { $0 + $1.sum }
        score.bootstrap = holistic.bootstrap
        return CellFinding(cell: cell, spec: spec, totals: totals, sum: sum, score: score, latency: holistic.latency)
    }

    private func estimate(of cell: Int, _ totals: CellTotals.Totals, _ samples: SampleSums.State) -> ScoreEstimate {
        let observations = cells[cell].observations(totals)
        return ScoreEstimate(
            ClusteredMean(self.samples.clusters(samples, of: cell)),
            isRate: observations.all > 0 && observations.graded == 0,
            range: cells[cell].scoreRange,
            quantiles: quantiles
        )
    }
}

extension CellSpec {
    /// Whether the score comes from one score a sample.
    var isReduced: Bool { epochReducer != .mean }
}
