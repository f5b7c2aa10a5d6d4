// parley export: a round in the formats of other tools.

import ArgumentParser
import ParleyCoordinator
import ParleyModel
import ParleyQueue
import ParleyReport

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a round in the formats of other tools.",
        discussion: """
            inspect: one .eval log for each suite and configuration, for inspect_ai and its viewer. every-eval-ever: \
            aggregate and instance files. stream: the STREAM checklist as JSON and Markdown. csv, jsonl: one outcome a \
            row, which `parley reduce --suite suite` takes back.

            What a format cannot hold as the round has it is listed on standard error, and in the files themselves.

            Examples:
              parley export demo --format inspect --output logs
              parley export demo --format csv && parley reduce demo.csv --suite suite
            """
    )

    @Argument(help: "The round.")
    var round: String
    @Option(help: "\(ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")).", transform: named)
    var format: ExportFormat
    @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write to.", valueName: "folder"))
    var output = "."
    @Flag(help: "Print what was written as JSON.")
    var json = false
    @OptionGroup var seal: SealKeyOption
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    private static func named(_ text: String) throws -> ExportFormat {
        guard let format = ExportFormat(rawValue: text) else {
            throw ValidationError("write one of \(ExportFormat.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return format
    }

    func run() async throws {
        try await database.open(logger: log.logger("parley")).use { session in
            let record = try await session.round(round)
            let seals = try await session.queue.seals(of: record.id, with: seal.key)
            var export = RoundExport(session: session, round: record, seals: seals, format: format, folder: output)
            try await export.run(format)
            for line in export.noteLines { Console.error("note: \(Escape.terminal(line))") }
            if json { return try Console.json(export.report) }
            for file in export.report.files { Console.print(file) }
        }
    }
}
