// A cell of a plan with what it comes to.

public import ParleyModel

/// A cell of a plan.
public struct PlannedCell: Hashable, Sendable {
    /// The suite and the configuration.
    public let cell: Cell
    /// Samples after filter, shuffle and limit.
    public let samples: Int
    /// How often each sample is run.
    public let epochs: Int
    /// Grade jobs: one for each probe job and judge.
    public let gradeJobs: Int
    /// Calls by model.
    let calls: [ModelEstimate]

    /// Probe jobs: samples × epochs.
    public var jobs: Int { samples * epochs }

    /// All calls' tokens, those of judges and simulated users included.
    public var tokens: TokenEstimate { calls.reduce(TokenEstimate()) { $0 + $1.tokens } }

    /// The upper bound of the cost; nil where a model that is called has no price.
    public var money: Money? {
        calls.reduce(Money.zero) { sum, part in
            guard let sum, let money = part.money else { return nil }
            return sum.clampedSum(money)
        }
    }
}

/// A budget beside what the plan expects of it.
public struct PlannedBudget: Hashable, Sendable {
    /// As the round file gives it.
    public let budget: Budget
    /// Tokens of all calls under the budget.
    public let estimatedTokens: Int64
    /// nil where a model under the budget has no price.
    public let estimatedMoney: Money?

    /// Whether the estimate stays within the budget.
    public var isEnough: Bool {
        if let tokens = budget.tokens, tokens < estimatedTokens { return false }
        if let money = budget.money, let estimatedMoney, money < estimatedMoney { return false }
        return true
    }
}
