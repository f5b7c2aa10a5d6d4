// parley calendar add: a series, or its change.

import ArgumentParser
import ParleyCoordinator
import ParleyQueue
import ParleyRounds

struct CalendarAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Take in a series, or its change: windows that have not begun follow it.",
        discussion: """
            The form of the file is described by schemas/json/series.schema.json; examples/series.yaml is one.

            Example:
              parley calendar add series.yaml
            """
    )

    @Argument(help: "The series file.")
    var file: String
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        let series = try SeriesFile.read(file)
        let changed = try await database.openOrMake(logger: log.logger("parley")).use { session in
            try await session.queue.plan(series, by: Session.person)
        }
        Console.print("Series '\(series.name)': \(changed) windows changed.")
    }
}
