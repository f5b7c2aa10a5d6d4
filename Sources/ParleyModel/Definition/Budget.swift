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
    /// Whether calls in flight are stopped when what was really used reaches the limit; else they finish.
    public var cancels: Bool

    public init(
        party: PartyName? = nil,
        model: ModelName? = nil,
        suite: SuiteName? = nil,
        tokens: Int64? = nil,
        money: Money? = nil,
        cancels: Bool = false
    ) {
        self.party = party
        self.model = model
        self.suite = suite
        self.tokens = tokens
        self.money = money
        self.cancels = cancels
    }

    /// Whether calls of this suite to this model count on the budget. A party's budget is for what the party's own
    /// **suites** use; a model's for every call to that model, as tested, as judge or as simulated user.
    public func covers(suite: Suite, model: ModelName) -> Bool {
        if let party { return suite.party == party }
        if let named = self.model { return model == named }
        if let named = self.suite { return suite.name == named }
        return true
    }

    /// What the budget holds for, in words.
    public var scope: String {
        if let party { return "the party '\(party)'" }
        if let model { return "the model '\(model)'" }
        if let suite { return "the suite '\(suite)'" }
        return "the whole round"
    }
}
