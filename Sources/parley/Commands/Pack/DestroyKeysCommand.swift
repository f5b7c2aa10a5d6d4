// parley pack destroy: what a party's models answered is made unreadable.

import ArgumentParser
import ParleyEvidence
import ParleyModel
import ParleyQueue

struct DestroyKeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "destroy",
        abstract: "Destroy the keys of what a party's models answered to held-out suites.",
        discussion: """
            Every wrapped key goes, so that nobody can read these transcripts any more; there is no way back. Backups \
            from before still hold the wrapped keys. Where the round was submitted with the party's secret these are \
            worth nothing once the secret's file is destroyed, here by --party-secret and wherever a copy of it lies \
            (the party, its workers, who submitted); without one, the backups have to go.

            What stays: the party's name, models and scores, in the round, its exports and packages. This is no silent exit.

            Examples:
              parley pack destroy spring --party south --for-good
              parley pack destroy spring --party south --for-good --party-secret south.secret
            """
    )

    @Argument(help: "The round.")
    var round: String
    @Option(help: "The tested party.")
    var party: String
    @Flag(help: "Yes: there is no way back.")
    var forGood = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func validate() throws {
        guard forGood else { throw ValidationError("nothing can be read afterwards: add --for-good if that is meant") }
    }

    func run() async throws {
        try await database.open(logger: log.logger("parley")).use { session in
            let record = try await session.round(round)
            // First the secret: if the rest fails, the command can be given again without it.
            for file in database.partySecret {
                try PartySecret.destroy(file: file, of: PartyName(party))
                Console.print("\(file) is destroyed; copies of it elsewhere are not.")
            }
            let count = try await session.queue.destroyKeys(
                of: PartyName(party),
                in: record.id,
                by: .init(actor: Session.person)
            )
            guard count > 0 else {
                throw ParleyFailure(
                    .invalidInput,
                    "There is no key of '\(party)' in round '\(record.name)'.",
                    remedy: "`parley pack list \(record.name)` says whose there are."
                )
            }
            Console.print("\(count) wrapped keys of '\(party)' are destroyed.")
        }
    }
}
