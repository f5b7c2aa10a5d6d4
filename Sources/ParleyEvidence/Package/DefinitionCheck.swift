// Whether a definition from a package can be computed with at all. A definition of a round file was checked when it was
// planned; one of a package is hostile input, and what the reduction takes for granted is checked here.

import ParleyModel
import ParleyReduction

enum DefinitionCheck {
    private static let cellLimit = 20_000
    private static let pairLimit = 500_000

    /// Why the definition cannot be used; nil where it can.
    static func problem(of definition: RoundDefinition) -> String? {
        guard definition.format == RoundDefinition.currentFormat else {
            return "its form is number \(definition.format); this program knows \(RoundDefinition.currentFormat)"
        }
        let names: [(String, [String])] = [
            ("party", definition.parties.map(\.name.text)), ("model", definition.models.map(\.name.text)),
            ("configuration", definition.configurations.map(\.name.text)),
            ("suite", definition.suites.map(\.name.text)), ("round", [definition.name.text]),
        ]
        for (kind, names) in names {
            if let bad = names.first(where: { !RoundName.isValid($0) }) { return "'\(bad)' is no name of a \(kind)" }
            if Set(names).count < names.count { return "two of its names of a \(kind) are the same" }
        }
        for configuration in definition.configurations where definition.model(configuration.model) == nil {
            return "configuration '\(configuration.name)' is of the unknown model '\(configuration.model)'"
        }
        return definition.suites.lazy.compactMap(problem(of:)).first ?? problem(ofCells: definition)
    }

    private static func problem(of suite: Suite) -> String? {
        guard (0...Int(Int32.max)).contains(suite.dataset.count),
            (1...Int(OutcomeColumns.epochLimit)).contains(suite.epochs)
        else { return "suite '\(suite.name)' has \(suite.dataset.count) samples and \(suite.epochs) epochs" }
        let scores =
            OutcomeKind.allCases.compactMap { kind -> Int64? in
                if case .scoreAs(let score) = suite.treatment(of: kind) { score.billionths } else { nil }
            } + (suite.scorer.grader?.scale.values.map(\.billionths) ?? [])
        guard scores.allSatisfy({ $0.magnitude <= Billionths.scoreLimit.magnitude }) else {
            return "suite '\(suite.name)' gives a score beyond the limit of a score"
        }
        return nil
    }

    private static func problem(ofCells definition: RoundDefinition) -> String? {
        guard definition.cells.count <= cellLimit else { return "it has more than \(cellLimit) cells" }
        guard Set(definition.cells).count == definition.cells.count else { return "a cell stands in it twice" }
        let suites = Set(definition.suites.map(\.name))
        let configurations = Set(definition.configurations.map(\.name))
        for cell in definition.cells
        where !suites.contains(cell.suite) || !configurations.contains(cell.configuration) {
            return "a cell is of suite '\(cell.suite)' on configuration '\(cell.configuration)', one of them unknown"
        }
        let bySuite = Dictionary(definition.cells.map { ($0.suite, 1) }, uniquingKeysWith: +)
        let pairs = bySuite.values.reduce(0) { $0 + $1 * ($1 - 1) / 2 }
        return pairs <= pairLimit ? nil : "it asks for more than \(pairLimit) comparisons"
    }
}
