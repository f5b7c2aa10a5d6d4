// parley dead rule: what becomes of jobs whose retries are spent.

import ArgumentParser
import ParleyModel
import ParleyQueue

struct RuleDeadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rule",
        abstract: "Rule on dead jobs: rerun, exclude or accept them.",
        discussion: """
            rerun puts them back with all attempts unspent; exclude leaves their observations out of the findings; \
            accept counts them as failed, as they are counted without a ruling. Every ruling is kept in the ledger.

            Examples:
              parley dead rule spring rerun --class timeout
              parley dead rule spring exclude --job 68719476801 --job 68719476802 --because "the item is broken"
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
    @Option(help: ArgumentHelp("Why; kept with the ruling.", valueName: "text"))
    var because = ""
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
                jobs = try await session.queue.deadJobs(
                    round: record.id,
                    failureClass: failureClass,
                    limit: .max
                ).map(\.job)
            }
            return try await session.queue.rule(
                ruling,
                on: jobs,
                round: record.id,
                by: session.authority(in: record.id, because: because)
            )
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
