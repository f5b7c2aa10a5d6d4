// parley audit export and import: the audit by way of a file, for people who label in a spreadsheet.

import ArgumentParser
import Foundation
import ParleyCoordinator
import ParleyModel
import ParleyQueue
import ParleyReport
import ParleyRounds

struct AuditExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the drawn answers as CSV, with an empty column 'label'.",
        discussion: """
            Rows tell neither configuration nor judge; a column 'label' that you filled in before is filled in again. Fill in 'label' (a grade, or unsure) and, if you like, 'note', \
            and import the file.

            Example:
              parley audit export demo --output audit.csv
            """
    )

    @OptionGroup var audit: AuditOptions
    @Option(name: .shortAndLong, help: ArgumentHelp("The file to write. Default: standard output.", valueName: "file"))
    var output: String?
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        try await database.open(logger: log.logger("parley")).use { session in
            let bench = try await AuditBench(audit, session)
            var rows: [(text: AuditText, label: String, note: String)] = []
            for place in bench.selection.items.indices {
                let label = bench.labels[bench.selection.items[place].job]
                let word = label.map { $0.verdict == .undecidable ? "unsure" : $0.verdict.grade ?? "" }
                rows.append((try await bench.text(place), word ?? "", label?.note ?? ""))
            }
            let csv = auditCSV(rows)
            guard let output else { return Console.print(csv) }
            do {
                try (csv + "\n").write(toFile: output, atomically: true, encoding: .utf8)
            } catch {
                throw ParleyFailure(.failure, "The audit cannot be written to \(output): \(error.localizedDescription)")
            }
            Console.error("\(rows.count) answers written to \(output).")
        }
    }
}

struct AuditImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Keep the labels of a file that was exported and filled in.",
        discussion: """
            Rows without a label are passed over. With a single mistake in the file nothing is kept. Importing again \
            adds what changed; earlier labels stay and are superseded.

            Example:
              parley audit import demo audit.csv --by ada
            """
    )

    @OptionGroup var audit: AuditOptions
    @Argument(help: "The file: CSV with a header, or JSONL; columns ticket, label and, where there is one, note.")
    var file: String
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        let rows = try AuditFile.read(file)
        try await database.open(logger: log.logger("parley")).use { session in
            let bench = try await AuditBench(audit, session)
            let labels = try bench.selection.labels(rows, file: file)
            let kept = try await bench.keep(labels)
            let (known, empty) = (labels.count - kept, rows.count - labels.count)
            Console.print("\(kept) labels kept, \(known) said before, \(empty) empty.")
        }
    }
}
