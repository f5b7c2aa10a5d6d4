// parley dead: jobs whose retries are spent, and ruling on them.

import ArgumentParser
import ParleyCoordinator
import ParleyModel
import ParleyQueue
import ParleyReport

struct DeadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead",
        abstract: "List jobs whose retries are spent, or rule on them.",
        subcommands: [List.self, Rule.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
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
                    try await session.queue.deadJobs(round: record.id, limit: 1_000_000)
                )
            }
            let rows = dead.filter { failureClass == nil || $0.failureClass == failureClass }.map {
                DeadJobRow($0, definition.cells[$0.cell])
            }
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

    struct Rule: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Rule on dead jobs: rerun, exclude or accept them.",
            discussion: """
                rerun puts them back with all attempts unspent; exclude leaves their observations out of the findings; \
                accept counts them as failed, as they are counted without a ruling. Every ruling is kept in the ledger.

                Examples:
                  parley dead rule spring rerun --class timeout
                  parley dead rule spring exclude --job 68719476801 --job 68719476802
                  parley dead rule spring accept --all
                """
        )

        @Argument(help: "The round.")
        var round: String
        @Argument(help: "rerun, exclude or accept.", transform: ruling)
        var ruling: Ruling
        @Option(name: .customLong("class"), help: ArgumentHelp("All of this class.", valueName: "class"))
        var failureClass: String?
        @Option(help: ArgumentHelp("This job; may be given several times.", valueName: "number"))
        var job: [Int64] = []
        @Flag(help: "All dead jobs of the round.")
        var all = false
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var log: LogOptions

        private static func ruling(_ text: String) throws -> Ruling {
            guard let ruling = Ruling(rawValue: text) else {
                throw ValidationError("a ruling is rerun, exclude or accept, not '\(text)'")
            }
            return ruling
        }

        func validate() throws {
            let ways = (failureClass == nil ? 0 : 1) + (job.isEmpty ? 0 : 1) + (all ? 1 : 0)
            if ways != 1 { throw ValidationError("say which: --class CLASS, --job NUMBER … or --all") }
        }

        func run() async throws {
            let count = try await database.open(logger: log.logger("parley")).use { session in
                let record = try await session.round(round)
                var jobs = job.map { JobID($0) }
                if jobs.isEmpty {
                    jobs = try await session.queue.deadJobs(round: record.id, limit: .max)
                        .filter { failureClass == nil || $0.failureClass == failureClass }.map(\.job)
                }
                return try await session.queue.rule(ruling, on: jobs, round: record.id, by: Session.person)
            }
            if count == 0, !job.isEmpty {
                throw ParleyFailure(
                    .invalidInput,
                    "None of these jobs of '\(round)' is dead.",
                    remedy: "`parley dead list \(round)` lists those that are."
                )
            }
            Console.print("Ruled \(ruling.rawValue) on \(count) jobs.")
        }
    }
}
