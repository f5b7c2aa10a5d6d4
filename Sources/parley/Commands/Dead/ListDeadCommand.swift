// parley dead list: jobs whose retries are spent, with their reasons.

import ArgumentParser
import ParleyCoordinator
import ParleyModel
import ParleyQueue
import ParleyReport

struct ListDeadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the dead jobs of a round with their reasons.",
        discussion: """
            Examples:
              parley dead list spring
              parley dead list spring --class timeout --json
            """
    )

    @Argument(help: "The round.")
    var round: String
    @Option(name: .customLong("class"), help: ArgumentHelp("Only failures of this class.", valueName: "class"))
    var failureClass: String?
    @Flag(help: "Print as JSON.")
    var json = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        let (definition, dead) = try await database.open(logger: log.logger("parley")).use { session in
            let record = try await session.round(round)
            return (
                try await session.queue.definition(of: record.id),
                try await session.queue.deadJobs(round: record.id, failureClass: failureClass, limit: 1_000_000)
            )
        }
        let rows = dead.map { DeadJobRow($0, definition.cells[$0.cell]) }
        if json { return try Console.json(rows) }
        for row in rows {
            let ruling = row.ruling.map { ", ruled \($0.rawValue)" } ?? ""
            Console.print(
                "\(row.job)  \(row.suite)/\(row.configuration) sample \(row.sample) epoch \(row.epoch): "
                    + "\(row.failureClass) after \(row.attempts) attempts\(ruling): \(Escape.terminal(row.message))"
            )
        }
        if rows.isEmpty {
            return Console.print("No job of '\(round)' is dead\(failureClass.map { " by \($0)" } ?? "").")
        }
        let classes = Dictionary(grouping: rows, by: \.failureClass).mapValues(\.count).sorted {
            $0.value > $1.value
        }
        Console.error(
            "\(rows.count) dead: \(classes.map { "\($0.key) \($0.value)" }.joined(separator: ", ")). "
                + "`parley dead rule \(round) rerun --class \(classes[0].key)` runs them again."
        )
    }
}
