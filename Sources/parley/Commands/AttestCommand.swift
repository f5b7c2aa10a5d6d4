// parley attest: a party says something for itself, signed and dated.

import ArgumentParser
import Foundation
import ParleyEvidence
import ParleyModel

struct AttestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attest",
        abstract: "Sign a party's response to findings, or data of its own deployment.",
        discussion: """
            Writes a signed statement that `parley evidence --for` takes: with --to PACKAGE a response to the findings of \
            that package's round (--response), else data of the party's deployment (--attach), for instance rates of \
            refusals or incidents. Packages keep both apart from findings.

            Examples:
              parley attest response.txt --to buyers.tar --dated 2026-11-26 --key north.key
              parley attest refusals.csv --title "Refusals in production" --dated 2026-10-31 --key north.key
            """
    )

    @Argument(help: "A file of text.")
    var file: String
    @Option(help: ArgumentHelp("The package whose round is responded to.", valueName: "package"))
    var to: String?
    @Option(help: "What the data is; default the file's name.")
    var title: String?
    @Option(help: ArgumentHelp("The day for which it holds.", valueName: "yyyy-mm-dd"))
    var dated: String
    @OptionGroup var signer: SignerOptions
    @Option(name: .shortAndLong, help: ArgumentHelp("The file to write. Default: FILE.dsse.json.", valueName: "file"))
    var output: String?

    func validate() throws {
        guard SignedText.isDate(dated) else { throw ValidationError("--dated takes a date, YYYY-MM-DD") }
        if to != nil, title != nil { throw ValidationError("--title is of deployment data; a response has none") }
    }

    func run() throws {
        let signers = try signer.required()
        guard signers.count == 1 else { throw ValidationError("one party says it: name one key") }
        let party = signers[0].publicKey.party
        let text: String
        do { text = try String(contentsOfFile: file, encoding: .utf8) } catch {
            throw ParleyFailure(.invalidInput, "\(file) cannot be read as UTF-8: \(error.localizedDescription)")
        }
        let statement =
            if let to {
                try Statement(response: text, to: PackageFiles(path: to).definitionHash(), of: party, dated: dated)
            } else {
                try Statement(
                    deployment: text,
                    titled: title ?? URL(fileURLWithPath: file).lastPathComponent,
                    of: party,
                    dated: dated
                )
            }
        var envelope = statement.envelope
        for signer in signers { try envelope.sign(by: signer) }
        let path = output ?? "\(file).dsse.json"
        do { try Data(envelope.json.canonicalBytes).write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
            throw ParleyFailure(.failure, "\(path) cannot be written: \(error.localizedDescription)")
        }
        Console.print(path)
    }
}
