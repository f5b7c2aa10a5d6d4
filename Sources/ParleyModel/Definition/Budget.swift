// Budgets of a round.

/// The most that a part of a round may use.
public struct Budget: Hashable, Sendable, Codable {
    /// What the budget holds for; all nil means the whole round.
    public var party: PartyName?
    public var model: ModelName?
    public var suite: SuiteName?
    /// Tokens of all kinds, input and output.
    public var tokens: Int64?
    public var money: Money?

    public init(
        party: PartyName? = nil,
        model: ModelName? = nil,
        suite: SuiteName? = nil,
        tokens: Int64? = nil,
        money: Money? = nil
    ) {
        self.party = party
        self.model = model
        self.suite = suite
        self.tokens = tokens
        self.money = money
    }
}
