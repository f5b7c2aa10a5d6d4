// The section `runs`: which suites run on which configurations. A word stands for a rule, a list for itself.

import ParleyModel

extension RoundFileReader {
    /// The rules that have a name.
    private enum Rule: String, CaseIterable {
        /// Every suite on every configuration.
        case all
        /// Each party's suites on the other parties' models.
        case bilateral
        /// Evaluators' suites on labs' models.
        case mediated
    }

    mutating func readRuns(_ field: Field?, at place: Place?) {
        var rule: Rule?
        if let field {
            if field.isList { return draft.cells = readExplicitRuns(field) }
            guard field.isScalar else {
                return field.fail("'runs' must be a word or a list", "write all, bilateral, mediated, or a list")
            }
            rule = field.word(Rule.self)
        } else {
            rule = draft.tier.map { $0 == .bilateral ? .bilateral : .mediated }
        }
        guard let rule, !mistakes.hasErrors else { return }
        for suite in draft.suites.map(\.suite) {
            for configuration in draft.configurations where applies(rule, suite, configuration) {
                draft.cells.append(Cell(suite: suite.name, configuration: configuration.name))
            }
        }
        if draft.cells.isEmpty {
            mistakes.error(
                "there is nothing to run: '\(rule.rawValue)' pairs no suite with a model",
                at: field?.place ?? place,
                remedy: rule == .mediated
                    ? "a mediated round needs a suite of an evaluator and a model of a lab; or write runs: all"
                    : "a bilateral round needs suites and models of different parties; or write runs: all"
            )
        }
    }

    private func applies(_ rule: Rule, _ suite: Suite, _ configuration: Configuration) -> Bool {
        guard let model = draft.models.first(where: { $0.name == configuration.model }) else { return false }
        switch rule {
        case .all: return true
        case .bilateral: return suite.party != model.party
        case .mediated: return role(of: suite.party) == .evaluator && role(of: model.party) == .lab
        }
    }

    private func role(of party: PartyName) -> Party.Role? { draft.parties.first { $0.name == party }?.role }

    private func readExplicitRuns(_ field: Field) -> [Cell] {
        var cells: [Cell] = []
        var seen: Set<Cell> = []
        for item in field.list() ?? [] {
            guard let fields = Fields(item, what: "a run", keys: ["suite", "suites", "configurations"]) else {
                continue
            }
            if fields["suite"] != nil { fields.forbid(["suites"], "'suite' stands beside it") }
            let suiteField = fields["suite"] ?? fields.required("suites", "suite: NAME, or suites: [NAME, …] or all")
            let suites: [SuiteName]? = suiteField.flatMap { declared.references($0, .suite) }
            let configurations: [ConfigurationName]? = fields.required(
                "configurations",
                "configurations: [NAME, …] or all"
            ).flatMap { declared.references($0, .configuration) }
            for suite in suites ?? [] {
                for configuration in configurations ?? [] {
                    let cell = Cell(suite: suite, configuration: configuration)
                    guard seen.insert(cell).inserted else {
                        mistakes.warning(
                            "'\(suite)' on '\(configuration)' stands twice; it runs once",
                            at: fields.place,
                            remedy: "name each pair once; 'epochs' repeats samples"
                        )
                        continue
                    }
                    cells.append(cell)
                }
            }
        }
        return cells
    }
}
