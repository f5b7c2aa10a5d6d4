// parley calendar: series of rounds and their windows.

import ArgumentParser

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
        subcommands: [CalendarShowCommand.self, CalendarAddCommand.self, CalendarAssignCommand.self],
        defaultSubcommand: CalendarShowCommand.self
    )
}
