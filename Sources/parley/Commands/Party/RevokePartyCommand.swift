// parley party revoke: a login reads as a party no longer.

import ArgumentParser
import ParleyModel
import ParleyQueue

struct RevokePartyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Take back that a login reads as a party.",
        discussion: """
            What it read before, it knows.

            Example:
              parley party revoke spring south --login south_reader
            """
    )

    @Argument(help: "The round.")
    var round: String
    @Argument(help: "The party, as the round names it.")
    var party: String
    @Option(help: ArgumentHelp("The database's login, or a group of logins.", valueName: "name"))
    var login: String
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        try await database.open(logger: log.logger("parley")).use { session in
            let record = try await session.round(round)
            let done = try await session.queue.revoke(
                round: record.id,
                party: PartyName(party),
                login: login,
                by: Session.person
            )
            Console.print(
                done
                    ? "'\(login)' reads no longer as '\(party)' of round '\(record.name)'."
                    : "'\(login)' did not read as '\(party)' of round '\(record.name)': nothing was changed."
            )
        }
    }
}
