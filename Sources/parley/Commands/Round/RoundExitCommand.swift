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
        // Given again after an interruption, some of the files are gone, or written over and not removed.
        let files = try database.secretFiles
        let ended = try files.filter { try PartySecret.isEnded(file: $0) }
        let secrets = try files.filter { !ended.contains($0) }.map { (file: $0, secret: try PartySecret(file: $0)) }
        let session = try await database.open(logger: log.logger("parley"), secrets: secrets.map(\.secret))
        let what = try await session.use { session in
            let record = try await session.round(round)
            let hasSecret = secrets.contains { $0.secret.party == party }
            if !ended.isEmpty, !hasSecret, try await session.queue.hasLeft(party, record) { return "" }
            let exit = try await session.queue.silentExit(of: party, from: record, because: because)
            if !dryRun { try await session.queue.carryOut(exit, from: record) }
            return exit.isDone ? "" : " with \(exit.cells) cells and \(exit.primaries) primary comparisons"
        }
        if dryRun {
            return Console.print("'\(party)' would leave round '\(round)'\(what), and its secret would end.")
        }
        // Last, since what is left of the exit is done with it: if this fails, the command can be given again.
        for (file, secret) in secrets where secret.party == party { try PartySecret.destroy(file: file, of: party) }
        for file in ended { try PartySecret.removeEnded(file: file) }
        Console.print("The lab has left round '\(round)'\(what). Its secret is destroyed; copies elsewhere are not.")
    }
}
