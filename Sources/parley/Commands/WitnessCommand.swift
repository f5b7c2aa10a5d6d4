// parley witness: a party signs the head of a round's ledger, and keeps it.

import ArgumentParser
import Foundation
import ParleyEvidence
import ParleyModel
import ParleyReport

struct WitnessCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "witness",
        abstract: "Sign the head of a package's ledger and the root of its outcomes.",
        discussion: """
            The package is checked first; one with a failed check is not witnessed. Keep the file, and hand a copy to \
            the coordinator: a ledger that was rebuilt since does not have that head. What lies between two witnesses, \
            and after the last one, is covered by nobody.

            Example:
              parley witness spring.tar --key south.key --output spring-south-1.witness.json
            """
    )

    @Argument(help: "The package: a folder or a .tar file.")
    var package: String
    @OptionGroup var signer: SignerOptions
    @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file"))
    var output: String
    @Flag(help: "Print the statement as JSON.")
    var json = false

    func run() throws {
        let signers = try signer.required()
        let files = try PackageFiles(path: package)
        let report = try PackageCheck.report(on: files, trusted: [])
        if let failed = report.checks.first(where: { $0.status == .failed }) {
            throw ParleyFailure(
                .verification,
                Escape.terminal("\(package) is not witnessed: \(failed.subject ?? failed.check): \(failed.reason)"),
                remedy: "`parley verify \(package)` shows all checks."
            )
        }
        let now = Int64(Date().timeIntervalSince1970 * 1_000_000)
        let witness = try Witness(of: files, at: LedgerEntry.time(micros: now))
        var envelope = witness.statement.envelope
        for signer in signers { try envelope.sign(by: signer) }
        guard !FileManager.default.fileExists(atPath: output) else {
            let remedy = "A witness is kept: name another file."
            throw ParleyFailure(.failure, "\(output) is there already.", remedy: remedy)
        }
        do {
            try Data(envelope.json.canonicalBytes).write(to: URL(fileURLWithPath: output), options: .atomic)
        } catch { throw ParleyFailure(.failure, "\(output) cannot be written: \(error.localizedDescription)") }
        if json { return Console.print(witness.statement.json.pretty) }
        Console.print("\(output): entry \(witness.sequence) of round \(witness.round), \(witness.head)")
    }
}
