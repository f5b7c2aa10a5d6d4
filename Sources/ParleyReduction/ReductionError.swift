// ReductionError.swift: what the reduction refuses to reduce.

/// The outcomes do not fit the cells that they were reduced for.
public enum ReductionError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A row names a cell that has no specification.
    case unknownCell(cell: Int32, cellCount: Int)
    /// A cell has more outcomes than the plan has observations.
    case moreFinishedThanPlanned(cell: Int, planned: Int64, finished: Int64)
    /// A sample has more observations in one cell than there can be epochs; `nil` where it is not known which.
    case moreObservationsThanEpochs(cell: Int, sample: Int32?)
    /// A comparison names a cell that has no specification.
    case unknownPair(first: Int, second: Int, cellCount: Int)

    /// What happened, to what, and what to do.
    public var description: String {
        switch self {
        case .unknownCell(let cell, let cellCount):
            "an outcome names cell \(cell), but the round has \(cellCount) cells. "
                + "Reduce these outcomes with the definition of the round that they belong to."
        case .moreFinishedThanPlanned(let cell, let planned, let finished):
            "cell \(cell) has \(finished) outcomes, but \(planned) were planned. "
                + "Look for outcomes that were loaded twice, or that belong to another round."
        case .moreObservationsThanEpochs(let cell, let sample):
            "\(sample.map { "sample \($0)" } ?? "a sample") of cell \(cell) has more observations than the "
                + "\(OutcomeColumns.epochLimit) epochs that a sample can have. "
                + "Look for outcomes that were loaded twice."
        case .unknownPair(let first, let second, let cellCount):
            "a comparison names cells \(first) and \(second), but the round has \(cellCount) cells, from 0."
        }
    }
}
