// With which key a command signs: a file, or a command that keeps the key elsewhere.

import ArgumentParser
import ParleyEvidence
import ParleyModel

struct SignerOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A private key to sign with; may be given several times.", valueName: "file"))
    var key: [String] = []
    @Option(
        help: ArgumentHelp(
            "A command that signs: it reads one JSON object and answers {\"signature\": BASE64}.",
            valueName: "command"
        )
    )
    var agent: String?
    @Option(help: ArgumentHelp("The public key of --agent.", valueName: "file"))
    var agentKey: String?

    func validate() throws {
        if (agent == nil) != (agentKey == nil) { throw ValidationError("--agent and --agent-key belong together") }
    }

    /// All that were named, in their order.
    func signers() throws -> [any Signer] {
        var signers: [any Signer] = []
        for file in key { signers.append(try SigningKey(file: file)) }
        if let agent, let agentKey {
            signers.append(AgentSigner(command: agent, publicKey: try PublicKey(file: agentKey)))
        }
        return signers
    }

    /// The same; throws where none was named.
    func required() throws -> [any Signer] {
        let signers = try signers()
        guard !signers.isEmpty else { throw ValidationError("name a key with --key FILE, or a command with --agent") }
        return signers
    }
}
