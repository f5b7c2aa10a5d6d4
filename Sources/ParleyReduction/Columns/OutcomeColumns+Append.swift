// OutcomeColumns+Append.swift: how rows get in. A row is checked before any column grows, so that an error leaves
// the columns as they were.

extension OutcomeColumns {
    /// Makes room for `rows` more rows.
    public mutating func reserve(_ rows: Int) {
        let capacity = count + rows
        cell.reserveCapacity(capacity)
        sample.reserveCapacity(capacity)
        epoch.reserveCapacity(capacity)
        kind.reserveCapacity(capacity)
        scored.reserveCapacity(capacity)
        score.reserveCapacity(capacity)
        tokensIn.reserveCapacity(capacity)
        tokensOut.reserveCapacity(capacity)
        tokensCached.reserveCapacity(capacity)
        tokensReasoning.reserveCapacity(capacity)
        cost.reserveCapacity(capacity)
        latency.reserveCapacity(capacity)
    }

    /// Adds a row at the end.
    ///
    /// - Throws: ``OutcomeRowError`` when a field breaks its limit; the columns are then unchanged.
    public mutating func append(_ row: OutcomeRow) throws(OutcomeRowError) {
        try Self.check(row)
        cell.append(row.cell)
        sample.append(row.sample)
        epoch.append(row.epoch)
        kind.append(row.kind.rawValue)
        scored.append(row.score == nil ? 0 : 1)
        score.append(row.score ?? 0)
        tokensIn.append(row.tokensIn)
        tokensOut.append(row.tokensOut)
        tokensCached.append(row.tokensCached)
        tokensReasoning.append(row.tokensReasoning)
        cost.append(row.cost)
        latency.append(row.latency)
    }
}
