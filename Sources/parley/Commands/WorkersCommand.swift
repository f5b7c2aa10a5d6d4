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
            What most of a worker's time goes into tells a slow provider from a worker that is starved of processors. \
            Processors, loop lag and the parts of the attempts' time are of the last lease, about a minute.

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
        let vitals: WorkerVitals?
        let bound: WorkerVitals.Bound?
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
                held: $0.held,
                vitals: $0.vitals,
                bound: $0.vitals?.bound
            )
        }
        if json { return try Console.json(rows) }
        if rows.isEmpty { return Console.print("No worker works.") }
        var table = TerminalTable(
            columns: [
                .init("worker"), .init("state"), .init("pool"), .init("in flight", .right), .init("CPU", .right),
                .init("lag", .right), .init("provider", .right), .init("queue", .right), .init("backoff", .right),
                .init("local", .right), .init("bound by"), .init("host"), .init("process", .right),
            ],
            isStyled: Console.isStyled
        )
        for row in rows {
            let text = WorkerText(row.vitals)
            table.append(
                ["\(row.worker) \(row.name)", row.alive ? row.state : "silent", row.pool]
                    + ["\(row.held)\(text.most)", text.processors, text.lag] + text.shares
                    + [row.bound?.text ?? "", row.host, String(row.process)]
            )
        }
        Console.print(String(table.render(width: Console.width).dropLast()))
    }
}
