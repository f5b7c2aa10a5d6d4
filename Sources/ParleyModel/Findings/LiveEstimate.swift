// What a cell comes to while its round still runs: as `parley status` says it.

/// What a cell's outcomes come to so far.
public struct LiveEstimate: Hashable, Sendable, Codable {
    public var suite: SuiteName
    public var configuration: ConfigurationName
    public var planned: Int
    /// Outcomes, whatever their kind.
    public var finished: Int
    /// Outcomes that the estimate counts.
    public var counted: Int
    public var refused: Int
    /// `rate` or `mean`; nil without counted outcomes.
    public var measure: String?
    public var estimate: Double?
    public var interval: Interval?

    public init(_ cell: CellRecord) {
        suite = cell.suite
        configuration = cell.configuration
        planned = cell.planned
        finished = cell.planned - cell.neverRun
        counted = cell.counted
        refused = cell.kinds[.refused, default: 0]
        measure = cell.measure
        estimate = cell.estimate
        interval = cell.interval
    }
}
