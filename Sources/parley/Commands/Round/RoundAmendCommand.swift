// parley round amend: a change of what was agreed, after it was.

import ArgumentParser
import ParleyCoordinator
import ParleyEvidence
import ParleyModel
import ParleyQueue

struct RoundAmendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "amend",
        abstract: "Add a change to a frozen round, and sign it.",
        discussion: """
            The definition stays as it was signed. The amendment stands beside it in the ledger and in the findings, \
            and what it touches is exploratory from then on: it was not agreed before the run. It takes effect at \
            once; it lacks the parties' agreement until as many as signed the round have signed it.

            Examples:
              parley round amend spring --text "temperature 0 for suite sums" --suite sums --key north.key
              parley round sign spring --amendment 1 --key south.key
            """
    )

    @Argument(help: "The round.")
    var round: String
    @Option(help: "What changes.")
    var text: String
    @Option(help: ArgumentHelp("A suite whose findings it touches. Default: all.", valueName: "suite"))
    var suite: [String] = []
    @Option(help: "Why; it stands in the ledger.")
    var because = ""
    @OptionGroup var signer: SignerOptions
    @Flag(help: "Only say what would happen.")
    var dryRun = false
    @Flag(help: "Print the amendment as JSON.")
    var json = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        let signers = try signer.signers()
        let amendment = try await database.open(logger: log.logger("parley")).use { session in
            let record = try await session.round(round)
            let definition = try await session.queue.definition(of: record.id)
            for name in suite where definition.suite(SuiteName(name)) == nil {
                throw ParleyFailure(
                    .invalidInput,
                    "Round '\(record.name)' has no suite '\(name)'.",
                    remedy: "Its suites: \(definition.suites.map(\.name.text).joined(separator: ", "))."
                )
            }
            try await session.queue.open(record.id).requireSilence(of: [text])
            let authority = try await session.authority(in: record.id, because: because)
            let amendment = Amendment(
                round: record.name,
                definitionHash: record.definitionHash,
                text: text,
                suites: suite.map { SuiteName($0) }
            )
            if !dryRun { try await add(amendment, to: record, signers, session.queue, by: authority) }
            return amendment
        }
        if json { return try Console.json(amendment) }
        Console.print("Amendment \(try amendment.hash) \(dryRun ? "would be" : "is") in the ledger.")
    }

    private func add(
        _ amendment: Amendment,
        to record: RoundRecord,
        _ signers: [any Signer],
        _ queue: CoordinatorQueue,
        by authority: CoordinatorQueue.Authority
    ) async throws {
        let number = try await queue.amend(
            record.id,
            JSONValue(encoding: amendment).canonical,
            hash: amendment.hash,
            by: authority
        )
        if signers.isEmpty { return }
        var envelope = try await queue.agreement(of: record, amendment: number).statement.envelope
        for signer in signers { try envelope.sign(by: signer) }
        _ = try await queue.sign(record, amendment: number, with: envelope)
    }
}
