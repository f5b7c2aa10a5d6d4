// parley calendar show: the windows of all series, for people, programs and calendars.

import ArgumentParser
import ParleyCoordinator
import ParleyModel
import ParleyQueue
import ParleyReport

struct CalendarShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
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
