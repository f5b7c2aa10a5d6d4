// What `parley export` does for each format. The database is read once for each file that is written, page by page.

import Foundation
import ParleyCoordinator
import ParleyEvidence
import ParleyModel
import ParleyQueue

/// A format that a round can be exported to.
enum ExportFormat: String, CaseIterable {
    case inspect
    case everyEvalEver = "every-eval-ever"
    case stream, csv, jsonl
}

/// What an export wrote.
struct ExportReport: Encodable {
    let round: RoundName
    let format: String
    var files: [String] = []
    var observations = 0
    var notes: [ExchangeNotes.Note] = []
}

/// Exports one round into a folder.
struct RoundExport {
    let session: Session
    let round: RoundRecord
    let folder: String
    var report: ExportReport
    private var notes = ExchangeNotes()

    init(session: Session, round: RoundRecord, format: ExportFormat, folder: String) {
        self.session = session
        self.round = round
        self.folder = folder
        report = ExportReport(round: round.name, format: format.rawValue)
    }

    /// Writes all files of the format. What it cannot hold is in the report's notes.
    mutating func run(_ format: ExportFormat) async throws {
        let cells = try await session.queue.exchangeCells(of: round)
        switch format {
        case .inspect: try await inspect(cells)
        case .everyEvalEver: try await everyEvalEver(cells)
        case .stream: try await stream(cells)
        case .csv: try await table(cells, .csv)
        case .jsonl: try await table(cells, .jsonl)
        }
        report.notes = notes.notes
    }

    /// The notes for people, one line each.
    var noteLines: [String] { notes.lines }

    private mutating func inspect(_ cells: [ExchangeCell]) async throws {
        let findings = try await session.queue.findings(round: round.id)
        for cell in cells {
            let log = try InspectLogWriter(cell, folder: folder)
            var count = 0
            try await session.queue.records(round: round.id, cell: cell) { record in
                try log.add(record)
                count += 1
            }
            try log.finish(finding: findings.cells[cell.number])
            report.observations += count
            report.files.append(log.path)
            notes.add(log.notes)
        }
    }

    private mutating func table(_ cells: [ExchangeCell], _ format: OutcomeTable.Format) async throws {
        let path = folder + "/\(round.name).\(format.rawValue)"
        let table = try OutcomeTable(path: path, format: format, cells: cells)
        for cell in cells {
            try await session.queue.records(round: round.id, cell: cell) { try table.add($0, of: cell) }
        }
        try table.finish()
        report.observations = table.rows
        report.files.append(path)
    }

    private mutating func everyEvalEver(_ cells: [ExchangeCell]) async throws {
        let findings = try await session.queue.findings(round: round.id)
        for group in EveryEvalEverGroup.groups(of: cells) {
            let writer = try EveryEvalEverWriter(group, folder: folder, asOfMicros: round.finishedAtMicros)
            for cell in group.cells {
                try await session.queue.records(round: round.id, cell: cell) { try writer.add($0, of: cell) }
            }
            try writer.finish(findings: findings.cells)
            report.observations += writer.rows
            report.files += writer.files
            notes.add(writer.notes)
        }
    }

    private mutating func stream(_ cells: [ExchangeCell]) async throws {
        let findings = try await session.queue.findings(round: round.id)
        guard let definition = cells.first?.definition else { return }
        let checklist = StreamChecklist(definition, findings: findings)
        report.files = try checklist.write(to: folder, round: round.name)
        report.observations = findings.cells.reduce(0) { $0 + $1.counted }
        for missing in checklist.missing { notes.add("STREAM: missing in the data", at: missing) }
    }
}
