// TokenSums.swift: tokens of a cell, summed exactly.

/// Sums of token counts over all outcomes of a cell, of whatever kind: what was spent, not what was scored.
public struct TokenSums: Sendable, Equatable {
    /// Tokens sent.
    public var input: Int64
    /// Tokens received, reasoning included.
    public var output: Int64
    /// Tokens sent that the provider read from its cache.
    public var cached: Int64
    /// Tokens received that were reasoning.
    public var reasoning: Int64

    /// Makes sums, in tokens.
    public init(input: Int64 = 0, output: Int64 = 0, cached: Int64 = 0, reasoning: Int64 = 0) {
        self.input = input
        self.output = output
        self.cached = cached
        self.reasoning = reasoning
    }
}
