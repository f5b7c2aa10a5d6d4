// Rating.swift: one rating, as it is handed to the table and read back from it.

/// What one rater said of one observation: the row form of ``RatingTable``.
///
/// Cell, sample and epoch together are the **unit** that is rated: one transcript. Human labels are ratings like any
/// other, under a rater's number of their own.
public struct Rating: Sendable, Equatable {
    /// The index of the rater, from 0.
    public var rater: Int32
    /// The index of the cell (suite × configuration), from 0.
    public var cell: Int32
    /// The index of the sample, from 0. Cells share the numbering.
    public var sample: Int32
    /// The repetition of the sample, from 0.
    public var epoch: Int32
    /// The score in billionths, or `nil` when the rater was asked and gave no verdict.
    public var score: Int64?

    /// Makes a rating from its fields, in the units that the properties state.
    public init(rater: Int32, cell: Int32, sample: Int32, epoch: Int32 = 0, score: Int64?) {
        self.rater = rater
        self.cell = cell
        self.sample = sample
        self.epoch = epoch
        self.score = score
    }
}
