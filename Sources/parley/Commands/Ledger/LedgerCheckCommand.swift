// parley ledger check: a proof of one outcome, offline.

import ArgumentParser
import Foundation
import ParleyEvidence
import ParleyModel

struct LedgerCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the proof of one outcome, with no database and no network.",
        discussion: """
            Exit codes: 0 no check failed; 7 a check failed; 8 the proof cannot be read.

            Example:
              parley ledger check proof.json --trust south.pub
            """
    )

    @Argument(help: "The proof, as `parley ledger prove` writes it.")
    var proof: String
    @Option(help: ArgumentHelp("A witness's public key, as you got it from the witness.", valueName: "file"))
    var trust: [String] = []
    @Flag(help: "Print as JSON.")
    var json = false

    func run() throws {
        guard let bytes = FileManager.default.contents(atPath: proof), bytes.count <= 1 << 20 else {
            throw ParleyFailure(.unreadable, "\(proof) cannot be read, or has more than a megabyte.")
        }
        let checks = try OutcomeProof(parsing: Array(bytes)).checks(trusted: trust.map { try PublicKey(file: $0) })
        try CheckList.show(checks, of: "proof", json: json)
    }
}
