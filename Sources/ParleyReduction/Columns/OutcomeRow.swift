// OutcomeRow.swift: one outcome, as it is handed to the columns and read back from them.

/// One outcome of one probe: the row form of ``OutcomeColumns``.
public struct OutcomeRow: Sendable, Equatable {
    /// The index of the cell (suite × configuration), from 0.
    public var cell: Int32
    /// The index of the sample, from 0. Cells of one suite share the numbering; comparisons pair by it.
    public var sample: Int32
    /// The repetition of the sample, from 0.
    public var epoch: Int32
    /// What became of the job.
    public var kind: KindCode
    /// The score in billionths, or `nil` when there is none. Independent of the kind.
    public var score: Int64?
    /// Tokens sent.
    public var tokensIn: Int64
    /// Tokens received, reasoning included.
    public var tokensOut: Int64
    /// Those of the tokens sent that the provider read from its cache.
    public var tokensCached: Int64
    /// Those of the tokens received that were reasoning.
    public var tokensReasoning: Int64
    /// Billionths of the round's currency.
    public var cost: Int64
    /// Microseconds from the first request to the last byte.
    public var latency: Int64

    /// Makes a row from its fields, in the units that the properties state.
    public init(
        cell: Int32,
        sample: Int32,
        epoch: Int32 = 0,
        kind: KindCode,
        score: Int64?,
        tokensIn: Int64 = 0,
        tokensOut: Int64 = 0,
        tokensCached: Int64 = 0,
        tokensReasoning: Int64 = 0,
        cost: Int64 = 0,
        latency: Int64 = 0
    ) {
        self.cell = cell
        self.sample = sample
        self.epoch = epoch
        self.kind = kind
        self.score = score
        self.tokensIn = tokensIn
        self.tokensOut = tokensOut
        self.tokensCached = tokensCached
        self.tokensReasoning = tokensReasoning
        self.cost = cost
        self.latency = latency
    }
}
