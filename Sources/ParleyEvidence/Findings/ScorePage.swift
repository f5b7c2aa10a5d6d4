// Part of a round's outcomes on their way into a comparison. Only kinds and scores count there, so that a round on
// another server may come as counts: the same rows, but for tokens, cost and times.

import ParleyReduction

/// Outcomes of one round by its own numbers of cells and samples.
public struct ScorePage: Sendable {
    let parts: [OutcomeColumns]

    public init(_ segments: [OutcomeSegment]) { parts = segments.map(\.columns) }

    /// Throws where an observation does not fit a column.
    public init(_ inputs: [FindingsInput]) throws {
        var columns = OutcomeColumns()
        columns.reserve(inputs.count)
        for input in inputs { try columns.append(OutcomeRow(input)) }
        parts = [columns]
    }

    /// Takes counts: how often a sample of a cell came to a kind and score, and in which epoch first. That epoch is all
    /// that an epoch reducer needs to know of the order (`mode`, where two scores are as frequent).
    public init(counts: some Collection<(input: FindingsInput, observations: Int)>) throws {
        var columns = OutcomeColumns()
        columns.reserve(counts.reduce(0) { $0 + $1.observations })
        for (input, observations) in counts {
            for _ in 0..<observations { try columns.append(OutcomeRow(input)) }
        }
        parts = [columns]
    }
}
