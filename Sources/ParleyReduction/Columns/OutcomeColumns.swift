// OutcomeColumns.swift: outcomes as a struct of arrays, the only input of the reduction.
// Invariant: all columns have the same length, and every row obeys OutcomeColumns+Invariants.swift.
// Rows stand in any order; nothing that is computed from them depends on it.

/// Outcomes by column. One index is one row in every column; a row takes ``bytesPerRow`` bytes.
///
/// A triple (cell, sample, epoch) is expected once: the reduction counts what it is given and does not look for
/// doubles, which the queue's unique commit rules out.
public struct OutcomeColumns: Sendable, Equatable {
    /// The largest number of epochs of a sample: `epoch` lies in `0 ..< epochLimit`.
    public static let epochLimit: Int32 = 4_096

    /// The size of a row: 4 + 4 + 2 + 1 + 8 + 16 + 8 + 8.
    public static let bytesPerRow = 51

    /// Cell index, from 0.
    public internal(set) var cell: [Int32] = []
    /// Sample index, from 0, shared by the cells of a suite.
    public internal(set) var sample: [Int32] = []
    /// Repetition of the sample, from 0.
    public internal(set) var epoch: [Int16] = []
    /// Raw value of ``OutcomeMark``: the kind, and whether there is a score.
    var mark: [UInt8] = []
    /// The score in billionths; 0 where there is none.
    public internal(set) var score: [Int64] = []
    /// Tokens sent, received, sent from the provider's cache, and received as reasoning.
    public internal(set) var tokens: [SIMD4<UInt32>] = []
    /// Billionths of the round's currency.
    public internal(set) var cost: [Int64] = []
    /// Microseconds.
    public internal(set) var latency: [Int64] = []

    /// What all rows lie within.
    private(set) var bounds = ColumnBounds()

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

    /// Adds a row at the end.
    ///
    /// - Throws: ``OutcomeRowError`` when a field breaks its limit; the columns are then unchanged.
    public mutating func append(_ row: OutcomeRow) throws(OutcomeRowError) {
        try Self.check(row)
        cell.append(row.cell)
        sample.append(row.sample)
        epoch.append(Int16(truncatingIfNeeded: row.epoch))
        mark.append(OutcomeMark(kind: row.kind, score: row.score).rawValue)
        score.append(row.score ?? 0)
        tokens.append(
            SIMD4(truncatingIfNeeded: SIMD4(row.tokensIn, row.tokensOut, row.tokensCached, row.tokensReasoning))
        )
        cost.append(row.cost)
        latency.append(row.latency)
        bounds.widen(row)
    }

    /// Makes room for `rows` more rows.
    public mutating func reserve(_ rows: Int) {
        let capacity = count + rows
        cell.reserveCapacity(capacity)
        sample.reserveCapacity(capacity)
        epoch.reserveCapacity(capacity)
        mark.reserveCapacity(capacity)
        score.reserveCapacity(capacity)
        tokens.reserveCapacity(capacity)
        cost.reserveCapacity(capacity)
        latency.reserveCapacity(capacity)
    }

    /// The row at an index of `0 ..< count`.
    public subscript(index: Int) -> OutcomeRow? {
        guard index >= 0, index < count, let kind = KindCode(rawValue: mark[index] % UInt8(KindCode.count)) else {
            return nil
        }
        return OutcomeRow(
            cell: cell[index],
            sample: sample[index],
            epoch: Int32(epoch[index]),
            kind: kind,
            score: mark[index] >= UInt8(KindCode.count) ? score[index] : nil,
            tokensIn: Int64(tokens[index][0]),
            tokensOut: Int64(tokens[index][1]),
            tokensCached: Int64(tokens[index][2]),
            tokensReasoning: Int64(tokens[index][3]),
            cost: cost[index],
            latency: latency[index]
        )
    }
}

/// The extremes of a set of rows, known before any of them is read again: they decide how wide accumulators must be.
struct ColumnBounds: Sendable, Equatable {
    /// The highest cell index; −1 without rows.
    private(set) var highestCell: Int32 = -1
    /// The lowest and highest sample index.
    private(set) var lowestSample: Int32 = .max
    private(set) var highestSample: Int32 = -1
    /// The largest absolute score.
    private(set) var largestScore: Int64 = 0
    /// The largest latency.
    private(set) var largestLatency: Int64 = 0

    @inline(__always)
    mutating func widen(_ row: OutcomeRow) {
        highestCell = max(highestCell, row.cell)
        lowestSample = min(lowestSample, row.sample)
        highestSample = max(highestSample, row.sample)
        largestScore = max(largestScore, abs(row.score ?? 0))
        largestLatency = max(largestLatency, row.latency)
    }

    /// The bounds of both sets together.
    func union(_ other: ColumnBounds) -> ColumnBounds {
        var result = self
        result.highestCell = max(highestCell, other.highestCell)
        result.lowestSample = min(lowestSample, other.lowestSample)
        result.highestSample = max(highestSample, other.highestSample)
        result.largestScore = max(largestScore, other.largestScore)
        result.largestLatency = max(largestLatency, other.largestLatency)
        return result
    }

    /// Whether the bounds hold a row.
    func hold(_ row: OutcomeRow) -> Bool {
        var wider = self
        wider.widen(row)
        return wider == self
    }
}
