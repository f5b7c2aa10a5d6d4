// parley sign: a party agrees to a round.

import ArgumentParser
import Foundation
import ParleyEvidence
import ParleyModel
import ParleyRounds

struct SignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Sign the definition of a round.",
        discussion: """
            Plans the round file and adds a signature over its definition's hash to ROUND.dsse.json. Hand that file \
            from party to party; each plans its own copy of the round, so that each signs what it read itself.

            Examples:
              parley sign round.yaml --key north.key
              parley sign round.yaml --key south.key --output spring.dsse.json
              parley sign round.yaml --agent ./sign-with-token --agent-key north.pub
            """
    )

    @Argument(help: "The round file.")
    var file: String
    @OptionGroup var signer: SignerOptions
    @Option(name: .shortAndLong, help: ArgumentHelp("The envelope. Default: ROUND.dsse.json.", valueName: "file"))
    var output: String?
    @Option(help: ArgumentHelp("How many parties must sign; default as the round says, else all.", valueName: "count"))
    var threshold: Int?
    @Flag(help: "Sign the round with the built-in simulated provider in place of every model.")
    var simulated = false
    @Flag(help: "Print what was signed as JSON.")
    var json = false

    private struct Document: Encodable {
        let round: RoundName
        let definitionHash: ContentHash
        let file: String
        let threshold: Int
        let signed: [PartyName]
    }

    func run() throws {
        let signers = try signer.required()
        let definition = try Plan.checked(file: file, options: PlanOptions(isSimulated: simulated)).definition
        guard !definition.allowsSilentExit else {
            throw ParleyFailure(
                .invalidInput,
                "Round '\(definition.name)' may be left by a lab: what is signed of it is made when it is submitted.",
                remedy: "Sign it there: `parley round sign \(definition.name) --key FILE`."
            )
        }
        let policy = try SigningPolicy(of: definition, threshold: threshold ?? definition.signatures)
        for signer in signers where !policy.parties.contains(signer.publicKey.party) {
            throw ParleyFailure(
                .invalidInput,
                "'\(signer.publicKey.party)' signs nothing in round '\(definition.name)'.",
                remedy: "Its labs and evaluators sign: \(policy.parties.map(\.text).joined(separator: ", "))."
            )
        }
        let path = output ?? "\(definition.name).dsse.json"
        var envelope = try definition.statement(policy: policy).envelope
        if FileManager.default.fileExists(atPath: path) {
            let existing = try DSSEEnvelope(file: path)
            guard existing.payload == envelope.payload, existing.payloadType == envelope.payloadType else {
                throw ParleyFailure(
                    .invalidInput,
                    "\(path) is over another definition or another threshold than this round file gives.",
                    remedy: "Compare `parley plan \(file)` with the other parties, or name another file by --output."
                )
            }
            envelope = existing
        }
        for signer in signers { try envelope.sign(by: signer) }
        do {
            try Data(envelope.json.canonicalBytes).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch { throw ParleyFailure(.failure, "\(path) cannot be written: \(error.localizedDescription)") }
        let document = Document(
            round: definition.name,
            definitionHash: try definition.hash,
            file: path,
            threshold: policy.threshold,
            signed: signers.map(\.publicKey.party)
        )
        if json { return try Console.json(document) }
        Console.print(
            "\(path): \(document.signed.map(\.text).joined(separator: ", ")) signed \(document.definitionHash); "
                + "\(envelope.signatures.count) of \(policy.parties.count) signatures, \(policy.threshold) needed."
        )
    }
}
