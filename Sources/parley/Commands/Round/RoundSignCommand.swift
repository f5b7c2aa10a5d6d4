// parley round sign: a party agrees to a frozen round.

import ArgumentParser
import ParleyCoordinator
import ParleyEvidence
import ParleyModel
import ParleyQueue

struct RoundSignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Sign a frozen round, or add signatures that were made elsewhere.",
        discussion: """
            What is signed is the hash of the frozen definition. A party that does not want to rely on this database \
            signs its own copy of the round file with `parley sign` and hands over the envelope. Signatures count by \
            the keys that the round file names.

            Examples:
              parley round sign spring --key north.key
              parley round sign spring --envelope spring.dsse.json
              parley round sign spring --key north.key --amendment 1
            """
    )

    @Argument(help: "The round.")
    var round: String
    @OptionGroup var signer: SignerOptions
    @Option(help: ArgumentHelp("An envelope, as `parley sign` writes it.", valueName: "file"))
    var envelope: String?
    @Option(help: ArgumentHelp("Sign this amendment in place of the definition.", valueName: "number"))
    var amendment: Int?
    @Flag(help: "Only say what would be signed.")
    var dryRun = false
    @Flag(help: "Print who has signed as JSON.")
    var json = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    private struct Document: Encodable {
        let round: RoundName
        let subject: String
        let hash: ContentHash
        let signed: [PartyName]
        let missing: [PartyName]
        let threshold: Int
    }

    func run() async throws {
        let signers = try envelope == nil ? signer.required() : signer.signers()
        let (record, agreement) = try await database.open(logger: log.logger("parley")).use { session in
            let record = try await session.round(round)
            return (record, try await sign(record, signers, session.queue))
        }
        let document = Document(
            round: record.name,
            subject: agreement.statement.subject,
            hash: agreement.statement.digest,
            signed: agreement.signed.sorted(),
            missing: agreement.missing,
            threshold: agreement.policy.threshold
        )
        if json { return try Console.json(document) }
        let missing =
            document.missing.isEmpty ? "" : " Missing: \(document.missing.map(\.text).joined(separator: ", "))."
        Console.print(
            "\(document.subject) \(document.hash): \(document.signed.count) of \(document.threshold) signatures."
                + missing
        )
    }

    private func sign(
        _ record: RoundRecord,
        _ signers: [any Signer],
        _ queue: CoordinatorQueue
    ) async throws -> RoundAgreement {
        let before = try await queue.agreement(of: record, amendment: amendment)
        var added = try envelope.map { try DSSEEnvelope(file: $0) } ?? before.statement.envelope
        for signer in signers {
            guard before.keys.contains(signer.publicKey) else {
                throw ParleyFailure(
                    .invalidInput,
                    "Round '\(record.name)' does not name the key \(signer.publicKey.id) of '\(signer.publicKey.party)'.",
                    remedy: "Those who sign it: \(before.policy.parties.map(\.text).joined(separator: ", "))."
                )
            }
            if !dryRun { try added.sign(by: signer) }
        }
        return try await dryRun ? before : queue.sign(record, amendment: amendment, with: added)
    }
}
