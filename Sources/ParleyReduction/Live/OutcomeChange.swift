// OutcomeChange.swift: one entry of the log of outcomes. Rulings, new grades and audit labels change earlier rows, so
// that outcomes are superseded and invalidated as well as added; the log itself is only appended to.

/// What an outcome is an outcome of: one repetition of one sample in one cell. At most one row holds for each.
public struct OutcomeKey: Sendable, Hashable {
    /// The index of the cell, from 0.
    public var cell: Int32
    /// The index of the sample, from 0.
    public var sample: Int32
    /// The repetition of the sample, from 0.
    public var epoch: Int32

    /// Makes a key.
    public init(cell: Int32, sample: Int32, epoch: Int32 = 0) {
        self.cell = cell
        self.sample = sample
        self.epoch = epoch
    }
}

/// A change to the outcomes of a round.
///
/// A change says what holds from now on, not how it differs from what held. So an `add` of what is held already
/// supersedes it, a `supersede` of nothing adds, an `invalidate` of nothing does nothing, and a log whose end is read
/// twice gives the same outcomes.
public enum OutcomeChange: Sendable, Equatable {
    /// A new outcome.
    case add(OutcomeRow)
    /// An outcome in place of the one with the same key.
    case supersede(OutcomeRow)
    /// No outcome in place of the one with this key.
    case invalidate(OutcomeKey)

    /// What the change is about.
    public var key: OutcomeKey {
        switch self {
        case .add(let row), .supersede(let row): OutcomeKey(cell: row.cell, sample: row.sample, epoch: row.epoch)
        case .invalidate(let key): key
        }
    }

    /// The outcome that holds after the change.
    public var row: OutcomeRow? {
        switch self {
        case .add(let row), .supersede(let row): row
        case .invalidate: nil
        }
    }
}
