// The transcripts of one cell, with the anchor that every number of the cell links to. Invariant: no two groups
// share an anchor, although `a-b` × `c` and `a` × `b-c` would both be `t-a-b-c`.

internal import ParleyModel

/// The transcripts behind the figures of one cell.
struct TranscriptGroup {
    let cell: Cell
    /// `t-SUITE-CONFIGURATION`, with a number after it where another cell took that already.
    let anchor: String
    let transcripts: [ReportTranscript]

    /// The groups in the order of the findings' cells; cells that the findings do not name stand last.
    static func groups(_ transcripts: [ReportTranscript], in findings: FindingsDocument) -> [TranscriptGroup] {
        let byCell = Dictionary(grouping: transcripts) { Cell(suite: $0.suite, configuration: $0.configuration) }
        let order =
            findings.cells.map { Cell(suite: $0.suite, configuration: $0.configuration) }
            + transcripts.map { Cell(suite: $0.suite, configuration: $0.configuration) }
        var seen: Set<Cell> = []
        var taken: Set<String> = []
        return order.filter { seen.insert($0).inserted }.compactMap { cell in
            guard let transcripts = byCell[cell] else { return nil }
            let plain = "t-\(cell.suite.text)-\(cell.configuration.text)"
            var anchor = plain
            var number = 1
            while !taken.insert(anchor).inserted {
                number += 1
                anchor = "\(plain)-\(number)"
            }
            return TranscriptGroup(cell: cell, anchor: anchor, transcripts: transcripts)
        }
    }
}
