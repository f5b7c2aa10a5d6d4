// The flags of a round on its findings: each cell shows its own, each comparison those of both sides.

import ParleyModel
import ParleyReduction

extension CellRecord {
    /// The finding of a cell of a round, with the round's flags.
    init(_ cell: Cell, _ finding: CellFinding, of definition: RoundDefinition) {
        self.init(cell, finding, flags: definition.flags(of: cell))
        let against = definition.comparability(of: cell).map(\.flag)
        comparability = against.isEmpty ? nil : against
    }
}

extension ComparisonRecord {
    /// The finding of two cells of a round, with the flags of both.
    init(_ comparison: PairedComparison, of definition: RoundDefinition) {
        self.init(comparison, cells: definition.cells)
        let found = [left, right].flatMap { configuration in
            definition.flags(of: Cell(suite: suite, configuration: configuration)).map { "\(configuration): \($0)" }
        }
        flags = found.isEmpty ? nil : found
    }
}
