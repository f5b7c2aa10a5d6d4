// parley party list: the logins of a round's parties.

import ArgumentParser
import ParleyModel
import ParleyQueue
import ParleyReport

struct ListPartiesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the logins that read as parties of a round.",
        discussion: """
            Example:
              parley party list spring --json
            """
    )

    @Argument(help: "The round.")
    var round: String
    @Flag(help: "Print as JSON.")
    var json = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        try await database.open(logger: log.logger("parley")).use { session in
            let logins = try await session.queue.partyLogins(round: session.round(round).id)
            if json { return try Console.json(logins) }
            for login in logins {
                let by = login.grantedBy.isEmpty ? "" : ", granted by \(Escape.terminal(login.grantedBy))"
                Console.print("\(login.party)  \(Escape.terminal(login.login))\(by)")
            }
            if logins.isEmpty { Console.print("No login reads as a party of '\(round)'.") }
        }
    }
}
