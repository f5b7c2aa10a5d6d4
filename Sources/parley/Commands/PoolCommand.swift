// parley pool: what is said to all workers of a pool, and to those that will join it.

import ArgumentParser
import ParleyCoordinator
import ParleyModel
import ParleyQueue
import ParleyReport

struct PoolCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pool",
        abstract: "Show pools of workers and tell them things.",
        discussion: """
            A worker belongs to the pool that it names (`parley worker --pool NAME`), or to 'default'. What a pool is \
            told holds for its workers and for those that join later, and stands in `parley events`.
            """,
        subcommands: [
            PoolListCommand.self, SetPoolCommand.self, PausePoolCommand.self, ResumePoolCommand.self,
            DrainPoolCommand.self, RetirePoolCommand.self,
        ]
    )
}

struct PoolListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the pools and their workers.",
        discussion: """
            Example:
              parley pool list --json
            """
    )

    @Flag(help: "Print as JSON.")
    var json = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        let document = try await database.open(logger: log.logger("parley")).use { session in
            PoolsDocument(try await session.queue.pools(), try await session.queue.workers())
        }
        if json { return try Console.json(document) }
        for pool in document.pools {
            Console.print(
                "\(pool.pool)  \(pool.state)  \(pool.workers.filter(\.alive).count) workers, \(pool.held) jobs"
                    + (pool.concurrency.map { ", at most \($0) each" } ?? "")
            )
            for worker in pool.workers {
                let tags = worker.tags.isEmpty ? "" : "; \(worker.tags.joined(separator: " "))"
                Console.print(
                    Escape.terminal(
                        "  \(worker.worker)  \(worker.alive ? worker.state : "silent")  \(worker.name), version "
                            + "\(worker.version): \(worker.held) jobs\(tags)"
                    )
                )
            }
        }
    }
}
