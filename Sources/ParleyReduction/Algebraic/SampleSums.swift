// SampleSums.swift: the algebraic aggregate: per (cell, sample) the number and the sum of the observations.
// From it come means, rates, their clustered standard errors and the paired comparisons, all by whole numbers until
// the last step. Slots ascend with the sample id, so that what walks over them walks in one order.

/// Observations per (cell, sample), and the score estimates of the cells.
public struct SampleSums: Aggregate {
    /// Dense accumulators by slot of the layout.
    public struct State: Sendable, Equatable {
        /// Observations of the sample, over its epochs.
        var counts: [Int32]
        /// Their sum, in billionths.
        var sums: [Int64]
        /// By cell: observations whose score is neither 0 nor 1.
        var gradedByCell: [Int64]
    }

    /// The confidence level of the intervals.
    public let level: Double
    let cells: [CellSpec]
    let layout: ClusterLayout
    private let scoring: ScoringTable

    /// Makes the aggregate.
    ///
    /// - Parameters:
    ///   - cells: the specification of every cell of the layout.
    ///   - layout: where each sample's accumulator lies.
    ///   - level: the confidence level of the intervals, between 0 and 1.
    public init(cells: [CellSpec], layout: ClusterLayout, level: Double = 0.95) {
        precondition(cells.count == layout.cellCount, "the layout was made for another number of cells")
        precondition(level > 0 && level < 1, "a confidence level lies between 0 and 1")
        self.cells = cells
        self.layout = layout
        self.level = level
        self.scoring = ScoringTable(cells: cells)
    }

    /// No observations anywhere.
    public func initialize() -> State {
        State(
            counts: [Int32](repeating: 0, count: layout.slotCount),
            sums: [Int64](repeating: 0, count: layout.slotCount),
            gradedByCell: [Int64](repeating: 0, count: cells.count)
        )
    }

    /// Adds the observations of the rows that enter the denominator.
    public func update(_ state: inout State, _ columns: OutcomeColumns, rows: Range<Int>) {
        for row in rows {
            let cell = Int(columns.cell[row])
            let observation = scoring.observation(
                cell: cell,
                kind: columns.kind[row],
                scored: columns.scored[row],
                score: columns.score[row]
            )
            guard let observation else { continue }
            let slot = layout.slot(cell: cell, sample: columns.sample[row])
            // Wrapping, because only more observations than epochs can overflow; `check` finds those by the count.
            state.counts[slot] &+= 1
            state.sums[slot] &+= observation
            if observation != 0, observation != Billionths.one { state.gradedByCell[cell] += 1 }
        }
    }

    /// Adds the observations of the other state, which must be of the same layout.
    public func combine(_ state: inout State, _ other: State) {
        for slot in state.counts.indices {
            state.counts[slot] &+= other.counts[slot]
            state.sums[slot] &+= other.sums[slot]
        }
        for cell in state.gradedByCell.indices { state.gradedByCell[cell] += other.gradedByCell[cell] }
    }

    /// The estimate of every cell, by index.
    public func finalize(_ state: State) -> [ScoreEstimate] {
        cells.indices.map { cell in
            let slots = layout.slots(of: cell)
            let mean = ClusteredMean(
                slots.lazy.map { Cluster(count: Int64(state.counts[$0]), sum: Int128(state.sums[$0])) }
            )
            return ScoreEstimate(
                mean,
                isRate: mean.observations > 0 && state.gradedByCell[cell] == 0,
                range: cells[cell].scoreRange,
                level: level
            )
        }
    }

    /// Refuses states in which a sample has more observations than a sample can have epochs: their sums may be wrong.
    func check(_ state: State) throws(ReductionError) {
        for cell in cells.indices {
            for slot in layout.slots(of: cell) {
                let count = state.counts[slot]
                guard count < 0 || count > OutcomeColumns.epochLimit else { continue }
                throw .moreObservationsThanEpochs(
                    cell: cell,
                    sample: layout.sample(cell: cell, slot: slot),
                    observations: count
                )
            }
        }
    }
}
