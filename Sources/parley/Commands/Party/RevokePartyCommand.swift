// parley party revoke: a login reads as a party no longer.

import ArgumentParser
import ParleyCoordinator
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

    @OptionGroup var reader: PartyLoginOptions
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        try await database.open(logger: log.logger("parley")).use { session in
            let record = try await session.round(reader.round)
            let done = try await session.queue.revoke(
                round: record.id,
                party: try await session.queue.open(record.id).handle(of: PartyName(reader.party)),
                login: reader.login,
                by: Session.person
            )
            Console.print(
                done
                    ? "'\(reader.login)' reads no longer as '\(reader.party)' of round '\(record.name)'."
                    : "'\(reader.login)' did not read as '\(reader.party)' of round '\(record.name)': nothing was changed."
            )
        }
    }
}
