// parley drain: a worker ends.

import ArgumentParser
import ParleyModel
import ParleyQueue

struct DrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "Let a worker end: it claims no more and finishes what it has.",
        discussion: """
            With --now its jobs are taken back at once. The same as SIGTERM to its process, from anywhere. Its number \
            stands in `parley workers`.

            Examples:
              parley drain 12
              parley drain 12 --now
            """
    )

    @Argument(help: "The worker's number.")
    var worker: Int64
    @Flag(help: "Take its jobs back at once.")
    var now = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        let worker = WorkerID(worker)
        let taken = try await database.open(logger: log.logger("parley")).use { session in
            try await session.queue.drain(worker, now: now, by: .init(actor: Session.person))
        }
        guard let taken else {
            throw ParleyFailure(
                .invalidInput,
                "There is no worker \(worker), or it has ended.",
                remedy: "`parley workers` lists those that work."
            )
        }
        Console.print("Worker \(worker) drains.\(taken > 0 ? " \(taken) jobs were taken back." : "")")
    }
}
