// parley events: the ledger of what was done to rounds and workers.

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
        let number: Int64
        let at: String
        let role: String
        let actor: String
        let action: String
        let round: Int64?
        let subject: String
        let reason: String
        let changed: Int
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
                number: event.number,
                at: Date(timeIntervalSince1970: Double(event.atMicros) / 1e6).formatted(.iso8601),
                role: event.role,
                actor: event.actor,
                action: event.action,
                round: event.round?.rawValue,
                subject: event.subject,
                reason: event.reason,
                changed: event.changed
            )
        }
        if json { return try Console.json(rows) }
        for row in rows {
            let who = row.actor.isEmpty ? row.role : row.actor
            let why = row.reason.isEmpty ? "" : ": \(row.reason)"
            Console.print(Escape.terminal("\(row.at)  \(row.action) \(row.subject) (\(row.changed)) by \(who)\(why)"))
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
