// Reduction.swift: the way in. Outcomes and specifications go in, findings and comparisons come out.

/// The findings and comparisons of a round.
public struct Reduction: Sendable, Equatable {
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
/// The result is the same, to the last bit, for every order of the rows, however they are split into parts, and for
/// every number of threads. With more than one thread it blocks its caller while Dispatch's threads work: call it from
/// a queue of its own, not from the cooperative pool.
///
/// ```swift
/// let reduction = try reduceRound(columns: [columns], cells: cells, pairs: [CellPair(first: 0, second: 1)])
/// ```
///
/// - Parameters:
///   - columns: the outcomes, in any number of parts.
///   - cells: the specification of every cell; its position is the cell's index.
///   - pairs: the cells to compare, two of one suite each.
///   - rule: when a comparison says what.
///   - level: the confidence level of the cells' intervals, between 0 and 1.
///   - bootstrap: how to draw the cells' means again, or `nil` not to.
///   - permutations: how to draw the signs of the pairs' differences, or `nil` not to.
///   - threads: the most threads to use.
/// - Throws: ``ReductionError`` when the outcomes or pairs do not fit the cells.
public func reduceRound(
    columns: [OutcomeColumns],
    cells: [CellSpec],
    pairs: [CellPair] = [],
    rule: ComparisonRule = ComparisonRule(),
    level: Double = 0.95,
    bootstrap: BootstrapPlan? = nil,
    permutations: PermutationPlan? = nil,
    threads: Int = 1
) throws(ReductionError) -> Reduction {
    let reducer = try CellReducer(
        cells: cells,
        columns: columns,
        level: level,
        bootstrap: bootstrap,
        threads: threads
    )
    let state = reducer.fold()
    let epochs = reducer.epochReduction(state)
    return Reduction(
        findings: try reducer.finalize(state, epochs: epochs),
        comparisons: try reducer.compare(
            state,
            pairs: pairs,
            rule: rule,
            permutations: permutations,
            epochs: epochs
        )
    )
}

/// Reduces outcomes to the findings of all cells, by index:
/// ``reduceRound(columns:cells:pairs:rule:level:bootstrap:permutations:threads:)`` without comparisons.
///
/// - Throws: ``ReductionError`` when the outcomes do not fit the cells.
public func reduceCells(
    columns: [OutcomeColumns],
    cells: [CellSpec],
    level: Double = 0.95,
    bootstrap: BootstrapPlan? = nil,
    threads: Int = 1
) throws(ReductionError) -> [CellFinding] {
    try reduceRound(columns: columns, cells: cells, level: level, bootstrap: bootstrap, threads: threads).findings
}
