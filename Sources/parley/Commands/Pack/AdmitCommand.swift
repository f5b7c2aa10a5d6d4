// parley pack admit: a holder of keys hands them on.

import ArgumentParser
import ParleyCoordinator
import ParleyEvidence
import ParleyModel
import ParleyQueue

struct AdmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "admit",
        abstract: "Hand the keys of held-out suites on to a worker or a party.",
        discussion: """
            A worker needs all keys of a suite, and takes its jobs within seconds. A tested party gets the key of its \
            own models' transcripts by --party; the database shows it nothing of them before the round's state allows.

            Example:
              parley pack admit spring --seal-key north.seal.key --recipient worker-2.seal.pub
            """
    )

    @Argument(help: "The round.")
    var round: String
    @OptionGroup var seal: SealKeyOption
    @Option(help: ArgumentHelp("The public key to wrap for.", valueName: "file"))
    var recipient: String
    @Option(help: "One held-out suite; all of them where none is named.")
    var suite: String?
    @Option(help: "Only what this party's models answered, and not the samples.")
    var party: String?
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        guard let key = try seal.key else {
            throw ParleyFailure(.invalidInput, "Whose keys are to be handed on?", remedy: "Give yours by --seal-key.")
        }
        let recipient = try Recipient(file: recipient)
        try await database.open(logger: log.logger("parley")).use { session in
            let record = try await session.round(round)
            let count = try await session.queue.admit(
                recipient,
                to: record.id,
                suite: suite.map { SuiteName($0) },
                party: party.map { PartyName($0) },
                with: key,
                by: Session.person
            )
            Console.print("\(count) keys were handed on to '\(recipient.holder)'.")
        }
    }
}
