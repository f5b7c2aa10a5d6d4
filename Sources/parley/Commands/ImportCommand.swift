// parley import: logs of Inspect as outcome files, or as a round.

import ArgumentParser
import ParleyCoordinator
import ParleyEvidence
import ParleyModel
import ParleyPostgres
import ParleyReport

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Read Inspect logs (.eval): check their metrics, and take them over.",
        discussion: """
            Each metric that a log prints is computed again from its samples, and both are shown. With --outcomes the \
            observations are written as JSONL for `parley reduce`; with --into they become a finished round, whose \
            findings, report and comparisons are those of any other round.

            Examples:
              parley import logs/*.eval
              parley import logs/*.eval --outcomes all.jsonl && parley reduce all.jsonl --suite suite
              parley import logs/*.eval --into their-round && parley findings their-round
            """
    )

    @Argument(help: "The logs.")
    var files: [String]
    @Option(help: ArgumentHelp("Make a finished round of this name of them.", valueName: "round"))
    var into: String?
    @Option(help: ArgumentHelp("Write their observations as JSONL for `parley reduce`.", valueName: "file"))
    var outcomes: String?
    @Flag(help: "Print as JSON (schemas/json/import.schema.json).")
    var json = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    private struct Document: Encodable {
        let format = "parley.import/1"
        let metrics: [InspectMetricCheck]
        var observations: Int?
        var outcomes: String?
        var round: String?
        let notes: [ExchangeNotes.Note]
    }

    func validate() throws {
        if files.isEmpty { throw ValidationError("name at least one log") }
        if let into, RoundName(validating: into) == nil {
            throw ValidationError("a round's name is 1 to 64 of a-z 0-9 . _ - and begins with a letter or a digit")
        }
    }

    func run() async throws {
        let logs = try InspectImport(paths: files, name: RoundName(into ?? "imported"))
        var document = Document(metrics: logs.checks, notes: logs.notes.notes)
        for line in logs.notes.lines { Console.error("note: \(Escape.terminal(line))") }
        if let outcomes {
            document.observations = try logs.writeOutcomes(to: outcomes)
            document.outcomes = outcomes
        }
        if let into {
            let logger = log.logger("parley")
            document.observations = try await database.own(logger: logger).use { session in
                let workers = PostgresPool(session.worker, maximum: 2, logger: logger)
                let result = try await LogImport(logs, queue: session.queue, workers: workers).run()
                await workers.close()
                return result.committed
            }
            document.round = into
        }
        if json { return try Console.json(document) }
        show(document)
    }

    private func show(_ document: Document) {
        var table = TerminalTable(
            columns: [
                .init("scorer"), .init("reducer"), .init("metric"), .init("printed", .right),
                .init("recomputed", .right), .init("agrees"),
            ],
            isStyled: Console.isStyled
        )
        for check in document.metrics {
            let names = [check.scorer, check.reducer, check.metric + (check.cluster.map { " by \($0)" } ?? "")]
            let agrees = check.agrees.map { $0 ? "yes" : "NO" } ?? "not known here"
            let values = [check.printed, check.recomputed].map { $0.map { "\($0)" } ?? "" }
            table.append(names.map { Escape.terminal($0) } + values + [agrees])
        }
        Console.print(table.render(width: Console.width))
        if let count = document.observations { Console.print("\(count) observations taken over.") }
    }
}
