// Budgets beside the estimate. A budget below it is no mistake, since the estimate is an upper bound, but it is said.

import ParleyModel

extension RoundDefinition {
    func plannedBudgets(_ cells: [PlannedCell]) -> [PlannedBudget] {
        budgets.map { budget in
            var tokens: Int64 = 0
            var money: Money? = .zero
            for planned in cells {
                guard let suite = suite(planned.cell.suite) else { continue }
                for part in planned.calls where budget.covers(suite: suite, model: part.model) {
                    tokens = tokens.clampedSum(part.tokens.total)
                    money = money.flatMap { sum in part.money.map { sum.clampedSum($0) } }
                }
            }
            return PlannedBudget(budget: budget, estimatedTokens: tokens, estimatedMoney: money)
        }
    }
}

extension PlannedBudget {
    /// What is short, for messages.
    var shortfall: String {
        var parts: [String] = []
        if let tokens = budget.tokens, tokens < estimatedTokens {
            parts.append("\(tokens) tokens, estimated up to \(estimatedTokens)")
        }
        if let money = budget.money, let estimatedMoney, money < estimatedMoney {
            parts.append("\(money.value) of money, estimated up to \(estimatedMoney.value)")
        }
        return "the budget for \(budget.scope) may not be enough: \(parts.joined(separator: "; "))"
    }
}
