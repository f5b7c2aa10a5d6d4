// OutcomeColumns.swift: outcomes as a struct of arrays, the only input of the reduction.
// Invariant: all columns have the same length, and every row obeys OutcomeColumns+Invariants.swift.
// Rows stand in any order; nothing that is computed from them depends on it.

/// Outcomes by column. One index is one row in every column.
///
/// A triple (cell, sample, epoch) is expected once: the reduction counts what it is given and does not look for
/// doubles, which the queue's unique commit rules out.
public struct OutcomeColumns: Sendable, Equatable {
    /// The largest number of epochs of a sample: `epoch` lies in `0 ..< epochLimit`.
    public static let epochLimit: Int32 = 4_096

    /// Cell index, from 0.
    public internal(set) var cell: [Int32] = []
    /// Sample index, from 0, shared by the cells of a suite.
    public internal(set) var sample: [Int32] = []
    /// Repetition of the sample, from 0.
    public internal(set) var epoch: [Int32] = []
    /// Raw value of ``KindCode``.
    public internal(set) var kind: [UInt8] = []
    /// 1 where the row has a score, else 0.
    public internal(set) var scored: [UInt8] = []
    /// The score in billionths; 0 where `scored` is 0.
    public internal(set) var score: [Int64] = []
    /// Tokens sent.
    public internal(set) var tokensIn: [Int64] = []
    /// Tokens received.
    public internal(set) var tokensOut: [Int64] = []
    /// Tokens sent that came from the provider's cache.
    public internal(set) var tokensCached: [Int64] = []
    /// Tokens received that were reasoning.
    public internal(set) var tokensReasoning: [Int64] = []
    /// Billionths of the round's currency.
    public internal(set) var cost: [Int64] = []
    /// Microseconds.
    public internal(set) var latency: [Int64] = []

    /// Makes columns without rows.
    public init() {}

    /// Makes columns from rows.
    ///
    /// - Throws: ``OutcomeRowError`` for the first row that breaks a limit.
    public init(_ rows: some Sequence<OutcomeRow>) throws(OutcomeRowError) {
        reserve(rows.underestimatedCount)
        for row in rows { try append(row) }
    }

    /// The number of rows.
    public var count: Int { cell.count }

    /// The row at an index of `0 ..< count`.
    public subscript(index: Int) -> OutcomeRow? {
        guard index >= 0, index < count, let kind = KindCode(rawValue: kind[index]) else { return nil }
        return OutcomeRow(
            cell: cell[index],
            sample: sample[index],
            epoch: epoch[index],
            kind: kind,
            score: scored[index] == 1 ? score[index] : nil,
            tokensIn: tokensIn[index],
            tokensOut: tokensOut[index],
            tokensCached: tokensCached[index],
            tokensReasoning: tokensReasoning[index],
            cost: cost[index],
            latency: latency[index]
        )
    }
}
