// parley round list: which rounds there are, and where.

import ArgumentParser
import ParleyModel
import ParleyQueue
import ParleyReport

struct RoundListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List all rounds, those that were archived, dropped or moved included, and where they are.",
        discussion: """
            Example:
              parley round list
            """
    )

    @Flag(help: "Print as JSON (schemas/json/archive.schema.json, places).")
    var json = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        let places = try await database.open(logger: log.logger("parley")).use { try await $0.queue.roundPlaces() }
        if json { return try Console.json(places) }
        var table = TerminalTable(columns: ["round", "state", "where"].map { .init($0) }, isStyled: Console.isStyled)
        for place in places {
            let rest = place.elsewhere.map { " " + $0 } ?? ""
            table.append([place.round.text, place.state.rawValue, Escape.terminal(place.presence.rawValue + rest)])
        }
        Console.print(String(table.render(width: Console.width).dropLast()))
    }
}
