// The section `budgets`, and the warnings that need the cells.

import ParleyModel

extension RoundFileReader {
    private enum AtCap: String, CaseIterable { case finish, cancel }

    mutating func readBudgets(_ field: Field?) {
        guard let items = field?.list(allowEmpty: true) else { return }
        for item in items {
            let keys = ["party", "model", "suite", "tokens", "money", "at_cap"]
            guard let fields = Fields(item, what: "a budget", keys: keys) else { continue }
            let budget = Budget(
                party: declared.reference(fields["party"], .party),
                model: declared.reference(fields["model"], .model),
                suite: declared.reference(fields["suite"], .suite),
                tokens: fields["tokens"]?.integer(in: 1...Int64.max),
                money: fields["money"]?.money(),
                cancels: fields["at_cap"]?.word(AtCap.self) == .cancel
            )
            let scopes = ["party", "model", "suite"].filter { fields[$0] != nil }
            if scopes.count > 1 {
                item.fail("a budget holds for one of \(scopes.joined(separator: ", "))", "write a budget for each")
            }
            if fields["tokens"] == nil, fields["money"] == nil {
                item.fail("a budget without a limit", "add tokens: 2_000_000 or money: 5")
            }
            if let first = draft.budgets.firstIndex(where: { $0.hasScope(of: budget) }), scopes.count < 2 {
                item.fail("budget \(first + 1) holds for the same part of the round", "write one budget for each part")
            }
            draft.budgets.append(budget)
            if !mistakes.hasErrors, budget.money != nil { checkPrices(of: budget, fields["money"] ?? item) }
        }
    }

    /// An agent's limit of money would never be reached on a model without a price.
    func checkCostLimits() {
        for draft in draft.suites where draft.suite.solver.agent?.costLimit != nil {
            let cells = self.draft.cells.filter { $0.suite == draft.suite.name }
            let callers = cells.map(\.configuration) + (cells.isEmpty ? [] : draft.suite.solver.helpers)
            let models = callers.compactMap { self.draft.model(of: $0) }
            guard let model = models.first(where: { $0.price == nil }), !mistakes.hasErrors else { continue }
            mistakes.error(
                "'cost_limit' of suite '\(draft.suite.name)' over a model without a price: \(model.name)",
                at: draft.solverPlace,
                remedy: "add price: { input: …, output: … } to it, or write token_limit instead"
            )
        }
    }

    private func checkPrices(of budget: Budget, _ field: Field) {
        var unpriced: [String] = []
        for model in BudgetScope.models(under: budget, in: draft) where model.price == nil {
            if !unpriced.contains(model.name.text) { unpriced.append(model.name.text) }
        }
        guard !unpriced.isEmpty else { return }
        field.fail(
            "a money budget over models without a price: \(unpriced.joined(separator: ", "))",
            "add price: { input: …, output: … } to them, per million tokens (0 where they cost nothing)"
        )
    }
}

extension Budget {
    fileprivate func hasScope(of other: Budget) -> Bool {
        party == other.party && model == other.model && suite == other.suite
    }
}

/// Which models a budget is about.
enum BudgetScope {
    static func models(under budget: Budget, in draft: RoundDraft) -> [ModelDefinition] {
        draft.cells.flatMap { cell -> [ModelDefinition] in
            guard let suite = draft.suites.first(where: { $0.suite.name == cell.suite })?.suite else { return [] }
            return ([cell.configuration] + suite.helpers).compactMap { draft.model(of: $0) }
                .filter { budget.covers(suite: suite, model: $0.name) }
        }
    }
}
