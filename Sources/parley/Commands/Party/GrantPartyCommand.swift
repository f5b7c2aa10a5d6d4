// parley party grant: a login reads as a party.

import ArgumentParser
import ParleyCoordinator
import ParleyModel
import ParleyQueue

struct GrantPartyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grant",
        abstract: "Let a login read as a party of a round.",
        discussion: """
            The login must be a member of parley_party and of no other group of Parley; a login of another party of \
            the round is refused.

            Example:
              parley party grant spring south --login south_reader
            """
    )

    @OptionGroup var reader: PartyLoginOptions
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        try await database.open(logger: log.logger("parley")).use { session in
            let record = try await session.round(reader.round)
            let open = try await session.queue.open(record.id)
            try open.requireSilence(of: [reader.login, Session.person])
            try await session.queue.grant(
                round: record.id,
                party: open.handle(of: PartyName(reader.party)),
                login: reader.login,
                by: Session.person
            )
            Console.print("'\(reader.login)' reads as '\(reader.party)' of round '\(record.name)'.")
        }
    }
}
