// parley events: what was done to rounds and workers, newest first; the ledgers of all rounds together.

import ArgumentParser
import Foundation
import ParleyModel
import ParleyQueue
import ParleyReport

struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Show what was done to rounds and workers, by whom and why.",
        discussion: """
            Examples:
              parley events
              parley events spring --json
            """
    )

    @Argument(help: "Only this round, and what concerns no round alone.")
    var round: String?
    @Option(help: "The most entries, newest first.")
    var limit = 50
    @Flag(help: "Print as JSON.")
    var json = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    private struct Row: Encodable {
        let at: String
        let who: String
        let what: String
        let round: Int64?
        let subject: String
        let why: String
    }

    func validate() throws {
        if !(1...100_000).contains(limit) { throw ValidationError("--limit takes 1 to 100000") }
    }

    func run() async throws {
        let events = try await database.open(logger: log.logger("parley")).use { session in
            let record = try await round.asyncMap { try await session.round($0) }
            return try await session.queue.events(round: record?.id, limit: limit)
        }
        let rows = events.map { event in
            Row(
                at: Date(timeIntervalSince1970: Double(event.atMicros) / 1e6).formatted(.iso8601),
                who: event.who,
                what: event.what,
                round: event.round?.rawValue,
                subject: event.subject,
                why: event.why
            )
        }
        if json { return try Console.json(rows) }
        for row in rows {
            let why = row.why.isEmpty ? "" : ": \(row.why)"
            Console.print(Escape.terminal("\(row.at)  \(row.what) \(row.subject) by \(row.who)\(why)"))
        }
        if rows.isEmpty { Console.print("Nothing was done yet.") }
    }
}

extension Optional {
    fileprivate func asyncMap<Result>(_ transform: (Wrapped) async throws -> Result) async rethrows -> Result? {
        if let self { return try await transform(self) }
        return nil
    }
}
