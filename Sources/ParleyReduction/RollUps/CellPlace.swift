// CellPlace.swift: what roll-ups and surprises must be told about a cell, beyond its finding.

/// Where a cell stands in its round. The position in the array of places is the cell's index.
public struct CellPlace: Sendable, Equatable {
    /// The number of the suite, whichever numbers are used.
    public var suite: Int
    /// The number of the configuration, whichever numbers are used.
    public var configuration: Int
    /// Whether all possible scores lie between 0 and 1, so that estimates of several suites can stand in one mean.
    public var hasUnitScores: Bool

    /// Makes a place.
    public init(suite: Int, configuration: Int, hasUnitScores: Bool) {
        self.suite = suite
        self.configuration = configuration
        self.hasUnitScores = hasUnitScores
    }
}
