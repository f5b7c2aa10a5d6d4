// parley workers: who works.

import ArgumentParser
import ParleyModel
import ParleyQueue
import ParleyReport

struct WorkersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workers",
        abstract: "List the workers that have not ended.",
        discussion: """
            Example:
              parley workers --json
            """
    )

    @Flag(help: "Print as JSON.")
    var json = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    private struct Row: Encodable {
        let worker: Int64
        let name: String
        let host: String
        let process: Int
        let version: String
        let pool: String
        let tags: [String]
        let concurrency: Int?
        let state: String
        let alive: Bool
        let held: Int
    }

    func run() async throws {
        let workers = try await database.open(logger: log.logger("parley")).use { try await $0.queue.workers() }
        let rows = workers.map {
            Row(
                worker: $0.id.rawValue,
                name: $0.name,
                host: $0.host,
                process: $0.process,
                version: $0.version,
                pool: $0.pool,
                tags: $0.tags,
                concurrency: $0.concurrency,
                state: $0.state,
                alive: $0.isAlive,
                held: $0.held
            )
        }
        if json { return try Console.json(rows) }
        for row in rows {
            let life = row.alive ? row.state : "silent"
            Console.print(
                Escape.terminal(
                    "\(row.worker)  \(life)  \(row.name) on \(row.host), process \(row.process), pool \(row.pool): "
                        + "\(row.held) jobs"
                )
            )
        }
        if rows.isEmpty { Console.print("No worker works.") }
    }
}
