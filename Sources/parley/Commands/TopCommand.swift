// parley top: rounds, accounts and workers, live.

import ArgumentParser
import ParleyCoordinator
import ParleyModel
import ParleyQueue
import ParleyReport

struct TopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top",
        abstract: "Watch rounds, accounts and workers, live.",
        discussion: """
            Of each round its progress, pace, time left and what holds most of its jobs back; of each account what is in \
            flight, its limit and how often the provider said 429 in the last minute; of each worker what it holds.

            Keys: q quits, arrows select a round, p pauses it and r resumes it after asking why, s sorts by name, pace \
            and what is left. Where there is no terminal it prints once.

            Examples:
              parley top
              parley top spring autumn
              parley top --json
            """
    )

    @Argument(help: "Only these rounds; those that are open, where none is named.")
    var rounds: [String] = []
    @Flag(help: "Print once as JSON (schemas/json/top.schema.json).")
    var json = false
    @Flag(help: "Print once.")
    var once = false
    @Option(help: ArgumentHelp("Seconds between two looks.", valueName: "seconds"))
    var every = 2
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func validate() throws {
        if !(1...3600).contains(every) { throw ValidationError("--every takes 1 to 3600 seconds") }
    }

    func run() async throws {
        try await database.open(logger: log.logger("parley")).use { session in
            for name in rounds { _ = try await session.round(name) }
            let names = Set(rounds.map { RoundName($0) })
            let document = try await session.queue.operations(rounds: names)
            if json { return try Console.json(document) }
            if once || !LiveTerminal.isPossible {
                let screen = TopScreen(document, TopState(), width: Console.width ?? 120, isStyled: Console.isStyled)
                return Console.print(screen.lines(height: nil).joined(separator: "\n"))
            }
            try await TopWatch(queue: session.queue, rounds: names, every: .seconds(every)).run(from: document)
        }
    }
}
