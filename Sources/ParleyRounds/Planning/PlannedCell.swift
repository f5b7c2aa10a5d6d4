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

    /// What one probe job, and one grade job of each judge in turn, is expected to use at most: the cell's estimate,
    /// evenly divided and rounded up. Nothing costs where a model has no price.
    public var reservations: [(tokens: Int64, money: Money)] {
        let judges = jobs > 0 ? gradeJobs / jobs : 0
        let probe = calls.dropLast(judges)
        return [share(of: Array(probe))] + calls.suffix(judges).map { share(of: [$0]) }
    }

    private func share(of calls: [ModelEstimate]) -> (tokens: Int64, money: Money) {
        let count = Int64(max(jobs, 1))
        let tokens = calls.reduce(Int64(0)) { $0.clampedSum($1.tokens.total) }
        let money = calls.reduce(Money.zero) { $0.clampedSum($1.money ?? .zero) }
        func quotient(_ sum: Int64) -> Int64 { sum / count + (sum % count > 0 ? 1 : 0) }
        return (quotient(tokens), Money(billionths: quotient(money.billionths)))
    }

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
