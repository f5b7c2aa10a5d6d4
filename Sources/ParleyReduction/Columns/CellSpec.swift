// CellSpec.swift: what the reduction must be told about a cell, beyond its outcomes.

/// The frozen facts of one cell. The position in the array of specifications is the cell's index.
public struct CellSpec: Sendable, Equatable {
    /// Observations planned: samples × epochs.
    public var planned: Int64
    /// What each outcome kind does to the score.
    public var treatments: KindTreatments
    /// The lowest and highest possible score in billionths, or `nil` when the score has no bounds. Intervals of means
    /// are cut to it; rates are cut to 0…1 without it.
    public var scoreRange: ClosedRange<Int64>?
    /// What the repetitions of a sample say together.
    public var epochReducer: EpochReducer
    /// What the cell's random draws are seeded with, beside the plan's seed: made from the cell's names, so that no
    /// other cell changes them.
    public var identity: UInt64

    /// Makes a specification.
    public init(
        planned: Int64,
        treatments: KindTreatments = KindTreatments(),
        scoreRange: ClosedRange<Int64>? = nil,
        epochReducer: EpochReducer = .mean,
        identity: UInt64 = 0
    ) {
        self.planned = planned
        self.treatments = treatments
        self.scoreRange = scoreRange
        self.epochReducer = epochReducer
        self.identity = identity
    }
}
