// parley round exit: a lab leaves a round before the disclosure, and its secret is destroyed.

import ArgumentParser
import ParleyCoordinator
import ParleyEvidence
import ParleyModel
import ParleyQueue

struct RoundExitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exit",
        abstract: "Let a lab leave a round without a trace, before the disclosure is approved.",
        discussion: """
            For a round whose file says silent_exit: true, while it is frozen, in exchange or in correction. What the \
            database holds of the lab is deleted, comparisons with it are no longer part of the round, and the file of \
            its secret is written over and removed: what is left of it in backups is noise. Other copies of the secret \
            are not reached. If the command is interrupted, give it again.

            What stays: the ledger says when a random handle left; a backup from before shows how many jobs an unnamed \
            handle had, and how they went. Nobody forgets what they saw: who was invited, what workers and judges were \
            sent, findings and packages that were made before.

            Examples:
              parley round exit spring --party south --party-secret south.secret --party-secret north.secret --dry-run
              PARLEY_PARTY_SECRETS=secrets parley round exit spring --party south
            """
    )

    @Argument(help: "The round.")
    var round: String
    @Option(help: "The lab.")
    var party: String
    @Option(help: "Why; it stands in the ledger, without the lab's name.")
    var because = ""
    @Flag(help: "Only say what would be done.")
    var dryRun = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        let party = PartyName(party)
        try await database.open(logger: log.logger("parley")).use { session in
            let record = try await session.round(round)
            let exit = try await session.queue.silentExit(of: party, from: record)
            let what = "\(exit.cells) cells and \(exit.primaries) primary comparisons"
            if dryRun {
                return Console.print(
                    "'\(party)' would leave round '\(record.name)' with \(what), and its secret would end."
                )
            }
            try await session.queue.carryOut(exit, from: record, because: because)
            // Last, since what is left of the exit is done with it: if this fails, the command can be given again.
            for file in try database.secretFiles where try PartySecret(file: file).party == party {
                try PartySecret.destroy(file: file, of: party)
            }
            Console.print(
                "The lab has left round '\(record.name)' with \(what). Its secret is destroyed; copies elsewhere are not."
            )
        }
    }
}
