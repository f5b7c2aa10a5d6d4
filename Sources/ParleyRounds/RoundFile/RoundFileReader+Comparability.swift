// The section `comparability`: which findings may not be held against others, and why. Each flag is of cells that run,
// so that none is lost on a cell that the round does not have.

import ParleyModel

extension RoundFileReader {
    static let comparabilityKeys = ["suite", "suites", "configurations", "flag", "because"]

    mutating func readComparability(_ field: Field?) {
        guard let field else { return }
        var found: [Comparability] = []
        for item in field.list() ?? [] {
            guard let fields = Fields(item, what: "a comparability flag", keys: Self.comparabilityKeys) else {
                continue
            }
            if fields["suite"] != nil { fields.forbid(["suites"], "'suite' stands beside it") }
            let suiteField = fields["suite"] ?? fields.required("suites", "suite: NAME, or suites: [NAME, …] or all")
            let suites: [SuiteName]? = suiteField.flatMap { declared.references($0, .suite) }
            let configurations: [ConfigurationName]? = fields.required(
                "configurations",
                "configurations: [NAME, …] or all"
            ).flatMap { declared.references($0, .configuration) }
            let flag = fields.required("flag", "flag: scaffold_tuned_for, or another of the four")?
                .word(Comparability.Flag.self)
            let because = fields["because"]?.text()
            guard let suites, let configurations, let flag, !mistakes.hasErrors else { continue }
            let cells = suites.flatMap { suite in configurations.map { Cell(suite: suite, configuration: $0) } }
                .filter(draft.cells.contains)
            if cells.isEmpty {
                item.fail(
                    "the flag '\(flag.rawValue)' is of no cell: its suites do not run on its configurations",
                    "name a suite and a configuration that it runs on"
                )
            }
            for cell in cells {
                let note = Comparability(
                    suite: cell.suite,
                    configuration: cell.configuration,
                    flag: flag,
                    because: because
                )
                if found.contains(where: {
                    $0.suite == note.suite && $0.configuration == note.configuration && $0.flag == flag
                }) {
                    item.fail("'\(cell.suite)' on '\(cell.configuration)' has '\(flag.rawValue)' twice", "keep one")
                } else {
                    found.append(note)
                }
            }
        }
        if !found.isEmpty { draft.comparability = found }
    }
}
