// parley ledger show: the entries of a round's ledger.

import ArgumentParser
import ParleyCoordinator
import ParleyEvidence
import ParleyModel
import ParleyReport

struct LedgerShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the entries of a round's ledger, oldest first.",
        discussion: """
            As JSON it is one canonical object a line: the file that an evidence package holds. The SHA-256 of a line \
            is the `previous` of the next.

            Examples:
              parley ledger show spring
              parley ledger show spring --json > ledger.jsonl
            """
    )

    @Argument(help: "The round.")
    var round: String
    @Flag(help: "Print as JSON lines (schemas/json/ledger.schema.json is one of them).")
    var json = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        let ledger = try await database.open(logger: log.logger("parley")).use { session in
            try await session.queue.ledger(of: session.round(round))
        }
        for entry in ledger.entries {
            if json {
                Console.print(entry.json.canonical)
            } else {
                let why = entry.why.isEmpty ? "" : ": \(entry.why)"
                Console.print(
                    Escape.terminal(
                        "\(entry.sequence)  \(entry.at)  \(entry.what) \(entry.subject) by \(entry.who)\(why)"
                    )
                )
            }
        }
        if !json { Console.print("head \(ledger.head)") }
    }
}
