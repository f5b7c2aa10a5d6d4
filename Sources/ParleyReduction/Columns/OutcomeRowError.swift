// OutcomeRowError.swift: why a row was not taken into the columns.

/// A field of an outcome lies outside its limits.
public struct OutcomeRowError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The fields that have limits.
    public enum Field: String, Sendable, Equatable {
        /// The cell index.
        case cell
        /// The sample index.
        case sample
        /// The repetition.
        case epoch
        /// The score, in billionths.
        case score
        /// Tokens sent.
        case tokensIn
        /// Tokens received.
        case tokensOut
        /// Tokens read from the provider's cache.
        case tokensCached
        /// Reasoning tokens.
        case tokensReasoning
        /// The cost, in billionths of the round's currency.
        case cost
        /// The latency, in microseconds.
        case latency
    }

    /// The field.
    public var field: Field
    /// What it held.
    public var value: Int64
    /// What it may hold.
    public var allowed: ClosedRange<Int64>

    /// Makes the error.
    public init(field: Field, value: Int64, allowed: ClosedRange<Int64>) {
        self.field = field
        self.value = value
        self.allowed = allowed
    }

    /// What happened, and what the field may hold.
    public var description: String {
        "an outcome's \(field.rawValue) is \(value); it must lie in \(allowed.lowerBound) to \(allowed.upperBound). "
            + "Rule this outcome out, or correct the scorer or importer that wrote it."
    }
}
