// parley ledger witness: somebody signs the head of a round's ledger, and keeps it.

import ArgumentParser
import Foundation
import ParleyCoordinator
import ParleyEvidence
import ParleyModel

struct LedgerWitnessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "witness",
        abstract: "Sign the head of a round's ledger, and keep the signature outside the database.",
        discussion: """
            The chain is followed first, and held against the witness that you made before, if you name it. With the \
            round's salts the root of its outcomes is signed as well. A copy goes into the database, for packages.

            Examples:
              parley ledger witness spring --key south.key --output spring-1.witness.json
              parley ledger witness spring --key south.key --since spring-1.witness.json --salts spring.salts \\
                --output spring-2.witness.json
            """
    )

    @Argument(help: "The round.")
    var round: String
    @OptionGroup var signer: SignerOptions
    @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file"))
    var output: String
    @Option(help: ArgumentHelp("Your last witness of this ledger.", valueName: "file"))
    var since: String?
    @Option(help: ArgumentHelp("The round's salts, to sign the root of its outcomes too.", valueName: "file"))
    var salts: String?
    @Flag(help: "Print the statement as JSON.")
    var json = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func validate() throws {
        if signer.key.count + (signer.agent == nil ? 0 : 1) > 1 { throw ValidationError("a witness has one key") }
    }

    func run() async throws {
        guard let signer = try signer.required().first else { return }
        let last = try since.map { try DSSEEnvelope(file: $0) }
        guard !FileManager.default.fileExists(atPath: output) else {
            throw ParleyFailure(
                .failure,
                "\(output) is there already.",
                remedy: "A witness is kept: name another file."
            )
        }
        let envelope = try await database.open(logger: log.logger("parley")).use { session in
            let record = try await session.round(round)
            let ledger = try await session.queue.ledger(of: record)
            if let last {
                let check = try LedgerCheck(ledger, kept: [last], stored: [], trusted: [signer.publicKey])
                guard check.checks.contains(where: { $0.check == "witness" && $0.status == .passed }) else {
                    let reason = check.checks.first { $0.check == "witness" }?.reason ?? ""
                    throw ParleyFailure(
                        .verification,
                        "The ledger is not witnessed: it does not go on from your last witness. \(reason)",
                        remedy: "`parley ledger verify \(round) --witness FILE --trust KEY` shows all checks."
                    )
                }
            }
            return try await session.queue.witness(
                record,
                ledger,
                salts: salts.map { try SaltSecret(file: $0) },
                at: LedgerEntry.time(micros: Int64(Date().timeIntervalSince1970 * 1_000_000)),
                by: signer
            )
        }
        do {
            try Data(envelope.json.canonicalBytes).write(to: URL(fileURLWithPath: output), options: .atomic)
        } catch { throw ParleyFailure(.failure, "\(output) cannot be written: \(error.localizedDescription)") }
        let witness = try Witness(in: envelope)
        if json { return Console.print(witness.statement.json.pretty) }
        Console.print("\(output): entry \(witness.sequence) of round \(witness.round), \(witness.head)")
    }
}
