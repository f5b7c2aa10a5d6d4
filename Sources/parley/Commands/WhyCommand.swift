// parley why: what holds a job, a cell or a round back now.

import ArgumentParser
import ParleyCoordinator
import ParleyModel
import ParleyQueue
import ParleyReport

struct WhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Say what holds a job, a cell or a round back now, and what can be done.",
        discussion: """
            A job is named by its number, as `parley dead list` and `parley tail` show it; a cell by its round, suite \
            and configuration. Of a cell and a round, the reason that holds most of its unfinished jobs comes first.

            Examples:
              parley why 68719476801
              parley why spring/honesty/gpt-x-high
              parley why spring --json
            """
    )

    @Argument(help: ArgumentHelp("The job, cell or round.", valueName: "job|round/suite/configuration|round"))
    var subject: String
    @Flag(help: "Print as JSON (schemas/json/why.schema.json).")
    var json = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        let document = try await database.open(logger: log.logger("parley")).use { try await find($0) }
        if json { return try Console.json(document) }
        for reason in document.reasons {
            let jobs = document.job == nil && reason.jobs > 0 ? "\(NumberText.grouped(reason.jobs)) jobs: " : ""
            Console.print(Escape.terminal(jobs + reason.says))
            if let remedy = reason.remedy { Console.print("    " + Escape.terminal(remedy)) }
        }
    }

    private func find(_ session: Session) async throws -> WhyDocument {
        if let number = Int64(subject) {
            if let document = try await session.queue.why(job: JobID(number)) { return document }
            throw ParleyFailure(
                .invalidInput,
                "No round has a job of the number \(number).",
                remedy: "`parley tail ROUND` and `parley dead list ROUND` show numbers of jobs."
            )
        }
        let parts = subject.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 1 || parts.count == 3 else {
            throw ParleyFailure(
                .invalidInput,
                "'\(subject)' names neither a job nor a cell.",
                remedy: "A cell is written ROUND/SUITE/CONFIGURATION."
            )
        }
        let record = try await session.round(parts[0])
        let cell =
            parts.count == 3
            ? Cell(suite: SuiteName(parts[1]), configuration: ConfigurationName(parts[2])) : nil
        if let document = try await session.queue.why(record, cell: cell) { return document }
        throw ParleyFailure(
            .invalidInput,
            "Round '\(parts[0])' has no cell of suite '\(parts[1])' and configuration '\(parts[2])'.",
            remedy: "`parley status \(parts[0])` lists its cells."
        )
    }
}
