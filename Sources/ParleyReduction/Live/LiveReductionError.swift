// LiveReductionError.swift: which changes a live reduction does not take in.

/// A batch of changes was refused. The state is as it was before the batch.
public enum LiveReductionError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A change is about an outcome for which the plan has no place. `index` is its place in the batch.
    case outsidePlan(index: Int, key: OutcomeKey)
    /// A row breaks the limit of a field. `index` is its place in the batch.
    case invalidRow(index: Int, OutcomeRowError)
    /// The batch ends before the position that was read already.
    case behind(position: LogPosition, batch: LogPosition)

    /// What happened, to what, and what to do.
    public var description: String {
        switch self {
        case .outsidePlan(let index, let key):
            "change \(index) of the batch is about epoch \(key.epoch) of sample \(key.sample) in cell \(key.cell), "
                + "which is not in the plan. Read the log with the plan of the round that it belongs to."
        case .invalidRow(let index, let error):
            "change \(index) of the batch: \(error)"
        case .behind(let position, let batch):
            "the batch ends at position \(batch) of the log, but \(position) was read already. "
                + "Read the log from \(position) on, or reduce it anew from its start."
        }
    }
}
