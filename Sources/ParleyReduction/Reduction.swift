// Reduction.swift: the way in. Outcomes and specifications go in, findings and comparisons come out.
// Rows are taken in chunks, one after the other; a parallel caller gives each chunk a state and combines them.

/// The findings and comparisons of a round.
public struct Reduction: Sendable, Equatable {
    /// Rows that one update takes: small enough for the caches, large enough to forget the cost of a call.
    static let chunk = 65_536

    /// The finding of every cell, by index.
    public var findings: [CellFinding]
    /// The comparisons, in the order of the pairs that were asked for, with Holm's adjustment over all of them.
    public var comparisons: [PairedComparison]

    /// Makes a reduction from its parts.
    public init(findings: [CellFinding], comparisons: [PairedComparison]) {
        self.findings = findings
        self.comparisons = comparisons
    }
}

/// Reduces outcomes to findings, and compares pairs of cells.
///
/// The result is the same, to the last bit, for every order of the rows.
///
/// ```swift
/// let reduction = try reduceRound(columns: columns, cells: cells, pairs: [CellPair(first: 0, second: 1)])
/// ```
///
/// - Parameters:
///   - columns: the outcomes.
///   - cells: the specification of every cell; its position is the cell's index.
///   - pairs: the cells to compare, two of one suite each.
///   - rule: when a comparison says what.
///   - level: the confidence level of the cells' intervals, between 0 and 1.
/// - Throws: ``ReductionError`` when the outcomes or pairs do not fit the cells.
public func reduceRound(
    columns: OutcomeColumns,
    cells: [CellSpec],
    pairs: [CellPair] = [],
    rule: ComparisonRule = ComparisonRule(),
    level: Double = 0.95
) throws(ReductionError) -> Reduction {
    let layout = try ClusterLayout(cellCount: cells.count, columns: [columns])
    let reducer = CellReducer(cells: cells, layout: layout, level: level)
    var state = reducer.initialize()
    var start = 0
    while start < columns.count {
        let end = min(columns.count, start + Reduction.chunk)
        reducer.update(&state, columns, rows: start..<end)
        start = end
    }
    try reducer.check(state)
    return Reduction(
        findings: reducer.finalize(state),
        comparisons: try reducer.compare(state, pairs: pairs, rule: rule)
    )
}

/// Reduces outcomes to the findings of all cells, by index: ``reduceRound(columns:cells:pairs:rule:level:)`` without
/// comparisons.
///
/// - Throws: ``ReductionError`` when the outcomes do not fit the cells.
public func reduceCells(
    columns: OutcomeColumns,
    cells: [CellSpec],
    level: Double = 0.95
) throws(ReductionError) -> [CellFinding] {
    try reduceRound(columns: columns, cells: cells, level: level).findings
}
