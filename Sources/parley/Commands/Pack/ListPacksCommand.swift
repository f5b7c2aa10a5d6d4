// parley pack list: who holds which keys of a round.

import ArgumentParser
import ParleyModel
import ParleyQueue

struct ListPacksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List who holds which keys of a round's held-out suites.",
        discussion: """
            Example:
              parley pack list spring --json
            """
    )

    @Argument(help: "The round.")
    var round: String
    @Flag(help: "Print as JSON.")
    var json = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    private struct Row: Encodable {
        let suite: SuiteName
        /// Whose models' transcripts; null for the samples.
        let party: PartyName?
        let holder: String
        let recipient: ContentHash
    }

    func run() async throws {
        try await database.open(logger: log.logger("parley")).use { session in
            let record = try await session.round(round)
            let suites = try await session.queue.definition(of: record.id).suites
            let rows = try await session.queue.keys(round: record.id).map { key in
                Row(suite: suites[key.suite].name, party: key.party, holder: key.holder, recipient: key.recipient)
            }
            if json { return try Console.json(rows) }
            for row in rows {
                let what = row.party.map { "transcripts of \($0)'s models" } ?? "samples"
                Console.print("\(row.suite)  \(what)  \(row.holder)  \(row.recipient)")
            }
            if rows.isEmpty { Console.print("No suite of '\(round)' is held out.") }
        }
    }
}
