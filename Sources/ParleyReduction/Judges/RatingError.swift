// RatingError.swift: why ratings do not make a table.

/// A rating lies outside its limits, or does not fit with the others.
public enum RatingError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The fields that have limits.
    public enum Field: String, Sendable, Equatable {
        /// The rater's index.
        case rater
        /// The cell index.
        case cell
        /// The sample index.
        case sample
        /// The repetition.
        case epoch
        /// The score, in billionths.
        case score
    }

    /// A field lies outside its limits.
    case outOfRange(field: Field, value: Int64, allowed: ClosedRange<Int64>)
    /// One rater has two ratings of one unit.
    case ratedTwice(rater: Int32, cell: Int32, sample: Int32, epoch: Int32)
    /// There are more ratings than a table holds.
    case tooMany(limit: Int)

    /// What happened, to what, and what to do.
    public var description: String {
        switch self {
        case .outOfRange(let field, let value, let allowed):
            "a rating's \(field.rawValue) is \(value); it must lie in \(allowed.lowerBound) to \(allowed.upperBound). "
                + "Correct the grader or importer that wrote it."
        case .ratedTwice(let rater, let cell, let sample, let epoch):
            "rater \(rater) rated sample \(sample), epoch \(epoch), of cell \(cell) twice. "
                + "Take the ratings of one grader version, and look for ratings that were loaded twice."
        case .tooMany(let limit):
            "there are more than \(limit) ratings. Take those of one suite at a time."
        }
    }
}
