// parley tail: what happens in a round, line by line, until it ends.

import ArgumentParser
import ParleyCoordinator
import ParleyModel
import ParleyQueue
import ParleyReport

struct TailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Show what happens in a round from now on, until it ends.",
        discussion: """
            One line for each job that ends, each attempt that fails and each entry of the ledger. Filters narrow each \
            other; a filter for suites, configurations or kinds leaves out the entries of the ledger.

            Examples:
              parley tail spring
              parley tail spring --only failure --suite honesty
              parley tail spring --kind refused --kind filtered --json
            """
    )

    @Argument(help: "The round.")
    var round: String
    @Option(help: ArgumentHelp("Only these: end, failure, event; may be given several times.", valueName: "what"))
    var only: [String] = []
    @Option(help: ArgumentHelp("Only ends of this kind; may be given several times.", valueName: "kind"))
    var kind: [String] = []
    @Option(help: "Only this suite.")
    var suite: String?
    @Option(help: "Only this configuration.")
    var configuration: String?
    @Flag(help: "Print one JSON object a line (schemas/json/tail.schema.json).")
    var json = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func validate() throws {
        for name in only where TailRecord.What(rawValue: name) == nil {
            throw ValidationError("--only takes end, failure or event, not '\(name)'")
        }
        for name in kind where !OutcomeKind.allCases.contains(where: { $0.name == name }) {
            let kinds = OutcomeKind.allCases.map(\.name).joined(separator: ", ")
            throw ValidationError("--kind takes one of \(kinds), not '\(name)'")
        }
    }

    func run() async throws {
        try await database.open(logger: log.logger("parley")).use { session in
            var tail = try await RoundTail(session.round(round), from: session.queue)
            while true {
                let start = ContinuousClock.now
                // Asked before the look, so that the last look sees all.
                let isOver = try await tail.isOver()
                for record in try await tail.next() where isWanted(record) { try show(record) }
                if isOver { return }
                // Looking costs the database a tenth of its time at most.
                try await Task.sleep(for: max(.milliseconds(500), (ContinuousClock.now - start) * 10))
            }
        }
    }

    private func isWanted(_ record: TailRecord) -> Bool {
        (only.isEmpty || only.contains(record.what.rawValue))
            && (kind.isEmpty || record.kind.map { kind.contains($0.name) } ?? false)
            && (suite == nil || record.suite?.text == suite)
            && (configuration == nil || record.configuration?.text == configuration)
    }

    private func show(_ record: TailRecord) throws {
        if json { return Console.print(try JSONValue(encoding: record).canonical) }
        Console.print(tailLine(record))
    }
}
