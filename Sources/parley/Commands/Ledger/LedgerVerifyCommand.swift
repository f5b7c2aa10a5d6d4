// parley ledger verify: whether a round's ledger is a chain, and the one that was witnessed.

import ArgumentParser
import ParleyCoordinator
import ParleyEvidence
import ParleyModel
import ParleyQueue
import ParleyReport

struct LedgerVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Follow a ledger's chain, and hold it against witnessed heads.",
        discussion: """
            Name the witnesses that you kept yourself and the keys that they are checked with: those in the database \
            could have been replaced along with the ledger. What no trusted witness covers is said to be not covered.

            Exit codes: 0 no check failed; 7 a check failed.

            Example:
              parley ledger verify spring --witness spring-12.witness.json --trust south.pub
            """
    )

    @Argument(help: "The round.")
    var round: String
    @Option(help: ArgumentHelp("A witness that was kept.", valueName: "file"))
    var witness: [String] = []
    @Option(help: ArgumentHelp("A public key, as you got it from its party.", valueName: "file"))
    var trust: [String] = []
    @Flag(help: "Print as JSON.")
    var json = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        let trusted = try trust.map { try PublicKey(file: $0) }
        let kept = try witness.map { try DSSEEnvelope(file: $0) }
        let checks = try await database.open(logger: log.logger("parley")).use { session in
            let record = try await session.round(round)
            let ledger = try await session.queue.ledger(of: record)
            let stored = try await session.queue.witnesses(of: record.id)
            return try LedgerCheck(ledger, kept: kept, stored: stored, trusted: trusted).checks
        }
        try CheckList.show(checks, of: "ledger of round '\(round)'", json: json)
    }
}
