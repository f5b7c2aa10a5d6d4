// The findings of a round's cells while it runs: observations come and go, and only what they changed is computed
// again. No number is computed here.

import ParleyDispatch
public import ParleyModel
import ParleyReduction

/// The cells of a round that still runs.
public struct LiveCells: Sendable {
    /// A change of what was observed.
    public enum Change: Sendable {
        /// It is new, or takes the place of the one of the same cell, sample and epoch.
        case observed(FindingsInput)
        /// What was observed there holds no longer.
        case withdrawn(cell: Int, sample: Int, epoch: Int)
    }

    private let definition: RoundDefinition
    private var reduction: LiveReduction

    public init(definition: RoundDefinition) {
        self.definition = definition
        reduction = LiveReduction(
            plan: definition.cells.map { cell in
                let suite = definition.suite(cell.suite)
                return CellPlan(
                    CellSpec(cell, in: definition),
                    samples: Int32(clamping: suite?.dataset.count ?? 0),
                    epochs: Int32(clamping: suite?.epochs ?? 0)
                )
            },
            threads: availableProcessors()
        )
    }

    /// Takes in changes, in order. Throws where one does not fit the plan; then none is taken.
    public mutating func apply(_ changes: [Change]) throws {
        try apply(
            changes.map { change in
                switch change {
                case .observed(let input): .add(OutcomeRow(input))
                case .withdrawn(let cell, let sample, let epoch):
                    .invalidate(
                        OutcomeKey(
                            cell: Int32(clamping: cell),
                            sample: Int32(clamping: sample),
                            epoch: Int32(clamping: epoch)
                        )
                    )
                }
            }
        )
    }

    /// Takes in the outcomes of a segment.
    public mutating func apply(_ segment: OutcomeSegment) throws {
        try apply((0..<segment.columns.count).compactMap { segment.columns[$0].map(OutcomeChange.add) })
    }

    private mutating func apply(_ changes: [OutcomeChange]) throws {
        try reduction.apply(changes, through: LogPosition(reduction.position.rawValue + Int64(changes.count)))
    }

    /// What is known of every cell now.
    /// - Parameter complete: whether with latencies, epoch reducers and bootstraps, which need all outcomes
    public mutating func records(complete: Bool = false) throws -> [CellRecord] {
        zip(definition.cells, try reduction.findings(complete ? .complete : .algebraic)).map { cell, live in
            var record = CellRecord(cell, live.finding, of: definition)
            if !complete { record.latency = nil }
            return record
        }
    }
}
