// parley calendar assign: a round becomes the one of an occurrence.

import ArgumentParser
import ParleyCoordinator
import ParleyQueue

struct CalendarAssignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assign",
        abstract: "Make a round the one of an occurrence.",
        discussion: """
            Example:
              parley calendar assign spring-2027 --series frontier --occurrence 0
            """
    )

    @Argument(help: "The round.")
    var round: String
    @Option(help: ArgumentHelp("The series.", valueName: "name"))
    var series: String
    @Option(help: ArgumentHelp("The occurrence, from 0.", valueName: "number"))
    var occurrence: Int
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        try await database.open(logger: log.logger("parley")).use { session in
            let record = try await session.round(round)
            try await session.queue.assign(
                record.id,
                series: series,
                occurrence: occurrence,
                by: Session.person
            )
        }
        Console.print("Round '\(round)' is occurrence \(occurrence) of '\(series)'.")
    }
}
