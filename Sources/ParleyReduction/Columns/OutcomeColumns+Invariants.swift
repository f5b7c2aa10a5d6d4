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
            sample.count, epoch.count, mark.count, score.count, tokens.count, cost.count, latency.count,
        ]
        guard lengths.allSatisfy({ $0 == count }) else { return false }
        return (0..<count).allSatisfy { index in
            guard Int(mark[index]) < OutcomeMark.count, let row = self[index] else { return false }
            return mark[index] == OutcomeMark(kind: row.kind, score: row.score).rawValue
                && (row.score != nil || score[index] == 0) && Self.violation(of: row) == nil && bounds.hold(row)
        }
    }

    @inline(__always)
    static func check(_ row: OutcomeRow) throws(OutcomeRowError) {
        // One test for all fields of a good row; a bad one is looked at field by field.
        let inside =
            row.cell >= 0 && row.sample >= 0 && UInt32(bitPattern: row.epoch) < UInt32(epochLimit)
            && (row.score ?? 0).magnitude <= Billionths.scoreLimit.magnitude
            && UInt64(bitPattern: row.tokensIn) <= UInt64(tokenLimit)
            && UInt64(bitPattern: row.tokensOut) <= UInt64(tokenLimit)
            && UInt64(bitPattern: row.tokensCached) <= UInt64(tokenLimit)
            && UInt64(bitPattern: row.tokensReasoning) <= UInt64(tokenLimit)
            && UInt64(bitPattern: row.cost) <= UInt64(costLimit)
            && UInt64(bitPattern: row.latency) <= UInt64(latencyLimit)
        if !inside, let error = violation(of: row) { throw error }
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
