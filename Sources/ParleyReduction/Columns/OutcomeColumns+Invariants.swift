// OutcomeColumns+Invariants.swift: the limits of a row, checked on the way in, and the same for whole columns.
// The limits are chosen so that no sum over a cell of 2³² rows overflows the integers that hold it.

extension OutcomeColumns {
    /// The largest token count of one row.
    public static let tokenLimit: Int64 = 1 << 30
    /// The largest cost of one row, in billionths: about a million whole units of currency.
    public static let costLimit: Int64 = 1 << 50
    /// The largest latency of one row: about 35 years, in microseconds.
    public static let latencyLimit: Int64 = 1 << 50

    /// Whether all columns have one length and every row obeys the limits.
    public var invariantsHold: Bool {
        let lengths = [
            sample.count, epoch.count, kind.count, scored.count, score.count, tokensIn.count, tokensOut.count,
            tokensCached.count, tokensReasoning.count, cost.count, latency.count,
        ]
        guard lengths.allSatisfy({ $0 == count }) else { return false }
        return (0..<count).allSatisfy { index in
            guard scored[index] == 1 || (scored[index] == 0 && score[index] == 0) else { return false }
            guard let row = self[index] else { return false }
            return Self.violation(of: row) == nil
        }
    }

    static func check(_ row: OutcomeRow) throws(OutcomeRowError) {
        if let error = violation(of: row) { throw error }
    }

    private static func violation(of row: OutcomeRow) -> OutcomeRowError? {
        let scoreLimit = Billionths.scoreLimit
        let fields: [(OutcomeRowError.Field, Int64, ClosedRange<Int64>)] = [
            (.cell, Int64(row.cell), 0...Int64(Int32.max)),
            (.sample, Int64(row.sample), 0...Int64(Int32.max)),
            (.epoch, Int64(row.epoch), 0...Int64(epochLimit - 1)),
            (.score, row.score ?? 0, -scoreLimit...scoreLimit),
            (.tokensIn, row.tokensIn, 0...tokenLimit),
            (.tokensOut, row.tokensOut, 0...tokenLimit),
            (.tokensCached, row.tokensCached, 0...tokenLimit),
            (.tokensReasoning, row.tokensReasoning, 0...tokenLimit),
            (.cost, row.cost, 0...costLimit),
            (.latency, row.latency, 0...latencyLimit),
        ]
        for (field, value, range) in fields where !range.contains(value) {
            return OutcomeRowError(field: field, value: value, allowed: range)
        }
        return nil
    }
}
