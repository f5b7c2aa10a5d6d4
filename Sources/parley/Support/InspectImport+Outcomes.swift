// The observations of imported logs as an outcome file.

import ParleyEvidence
import ParleyModel

extension InspectImport {
    /// Writes all observations as JSONL for `parley reduce`; gives their number.
    func writeOutcomes(to path: String) throws -> Int {
        let table = try OutcomeTable(path: path, format: .jsonl, cells: [])
        let hash = try definition.hash
        for number in definition.cells.indices {
            let cell = try ExchangeCell(
                definition: definition,
                definitionHash: hash,
                number: number,
                createdAtMicros: 0
            )
            let key = cluster(of: number)
            try records(cell: number) { record in
                let cluster = key.flatMap { record.sample.metadata[$0] }.map { $0.string ?? $0.canonical }
                try table.add(record, of: cell, cluster: cluster)
            }
        }
        try table.finish()
        return table.rows
    }
}
