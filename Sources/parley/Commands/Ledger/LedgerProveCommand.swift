// parley ledger prove: that one outcome is among the outcomes of a round.

import ArgumentParser
import ParleyCoordinator
import ParleyEvidence
import ParleyModel
import ParleyQueue

struct LedgerProveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Prove that one outcome is among the outcomes of a round, without showing another.",
        discussion: """
            The proof holds the outcome with its salt, the path to the root of all outcomes, and the latest witness \
            that signed this root. `parley ledger check` checks it offline.

            Examples:
              parley ledger prove spring 68719476737 --salts spring.salts > proof.json
              parley ledger check proof.json --trust south.pub
            """
    )

    @Argument(help: "The round.")
    var round: String
    @Argument(help: "The number of the outcome's probe job, as `parley show` and exports have it.")
    var job: Int64
    @Option(help: ArgumentHelp("The round's salts. Default: ROUND.salts.", valueName: "file"))
    var salts: String?
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        let proof = try await database.open(logger: log.logger("parley")).use { session in
            let record = try await session.round(round)
            guard !record.state.isOpen else {
                throw ParleyFailure(
                    .incomplete,
                    "Round '\(record.name)' is \(record.state.rawValue): its outcomes have no root yet.",
                    remedy: "Let it end; `parley status \(record.name)` says what is missing."
                )
            }
            let secret = try SaltSecret(file: salts ?? "\(record.name).salts")
            return try await session.queue.proof(of: JobID(job), in: record, salts: secret)
        }
        Console.print(proof.json.pretty)
    }
}
