// parley calendar: series of rounds and their windows.

import ArgumentParser
import ParleyCoordinator
import ParleyModel
import ParleyQueue
import ParleyReport
import ParleyRounds

struct CalendarCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calendar",
        abstract: "Show the windows of all series: open, near and overdue; add series, assign rounds.",
        discussion: """
            Windows are opened and closed by the coordinator, also late where it was down. A run that opens starts the \
            frozen round of its occurrence; one that closes pauses what is left of it.

            Examples:
              parley calendar
              parley calendar --ics > rounds.ics
              parley calendar add series.yaml
              parley calendar assign spring-2027 --series frontier --occurrence 0
            """,
        subcommands: [Show.self, Add.self, Assign.self],
        defaultSubcommand: Show.self
    )

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the calendar.",
            discussion: """
                Examples:
                  parley calendar --series frontier
                  parley calendar --json
                """
        )

        @Option(help: ArgumentHelp("Only this series.", valueName: "name"))
        var series: String?
        @Flag(help: "Print as JSON (schemas/json/calendar.schema.json).")
        var json = false
        @Flag(help: "Print as iCalendar (RFC 5545).")
        var ics = false
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var log: LogOptions

        func validate() throws {
            if json, ics { throw ValidationError("--json and --ics exclude one another") }
        }

        func run() async throws {
            try await database.open(logger: log.logger("parley")).use { session in
                if ics {
                    // Its lines end by themselves.
                    let text = try await session.queue.iCalendar(series: series)
                    return Console.print(String(text.dropLast()))
                }
                let document = try await session.queue.calendarDocument(series: series)
                if json { return try Console.json(document) }
                show(document)
            }
        }

        private func show(_ document: CalendarDocument) {
            if document.windows.isEmpty {
                return Console.print("The calendar is empty: `parley calendar add FILE` takes in a series.")
            }
            var table = TerminalTable(
                columns: [
                    .init("series"), .init("nr", .right), .init("window"), .init("opens"), .init("closes"),
                    .init("status"), .init("round"), .init("overdue"),
                ],
                isStyled: Console.isStyled
            )
            for window in document.windows {
                table.append([
                    window.series, "\(window.occurrence)", window.kind, window.opensAt, window.closesAt,
                    window.status.rawValue, window.round.map { "\($0) (\(window.state?.rawValue ?? ""))" } ?? "-",
                    window.overdue ?? "",
                ])
            }
            Console.print(table.render(width: Console.width))
            for reminder in document.reminders {
                Console.print(
                    "\(reminder.series) \(reminder.occurrence): \(reminder.kind) \(reminder.edge) in "
                        + "\(reminder.daysLeft) days (\(reminder.at))"
                )
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
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

    struct Assign: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
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
}
