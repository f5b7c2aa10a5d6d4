// Signing by a program that keeps the key elsewhere: a hardware token, a key service, a person with a second machine.
// It gets one JSON object on its standard input and answers with one on its standard output; what it answers is checked
// against the public key before it is used.

import Foundation
public import ParleyModel

/// Signs by running a command.
///
/// The command, run by `/bin/sh -c`, reads `{"format":"parley.sign/1","key_id":…,"party":…,"message":BASE64}` and
/// answers `{"signature":BASE64}`. The message is the DSSE pre-authentication encoding, to be signed as it is.
public struct AgentSigner: Signer {
    public static let format = "parley.sign/1"
    private static let answerLimit = 64 << 10

    public let publicKey: PublicKey
    private let command: String

    public init(command: String, publicKey: PublicKey) {
        self.command = command
        self.publicKey = publicKey
    }

    public func signature(of message: [UInt8]) throws(ParleyFailure) -> [UInt8] {
        let request: JSONValue = [
            "format": .string(Self.format), "key_id": .string(publicKey.id.description),
            "party": .string(publicKey.party.text), "message": .string(Base64.encode(message)),
        ]
        let answer = try run(input: request.canonicalBytes + [0x0A])
        guard let json = try? JSONValue(parsing: answer), let text = json["signature"]?.string,
            let signature = Base64.decode(text)
        else {
            throw failure("answered no {\"signature\": BASE64}")
        }
        guard publicKey.isValid(signature: signature, for: message) else {
            throw failure("signed with another key than \(publicKey.id), or signed something else")
        }
        return signature
    }

    private func run(input: [UInt8]) throws(ParleyFailure) -> [UInt8] {
        // A file in place of a pipe: a command that reads late or never can then block nobody. It holds no secret.
        let question = FileManager.default.temporaryDirectory.appendingPathComponent("parley-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: question) }
        let process = Process()
        let answer = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        process.standardOutput = answer
        do {
            try Data(input).write(to: question)
            process.standardInput = try FileHandle(forReadingFrom: question)
            try process.run()
        } catch { throw failure("cannot be started: \(error.localizedDescription)") }
        var output = Data()
        while output.count <= Self.answerLimit,
            let part = try? answer.fileHandleForReading.read(upToCount: 4096), !part.isEmpty
        {
            output += part
        }
        if output.count > Self.answerLimit {
            process.terminate()
            throw failure("answered more than \(Self.answerLimit) bytes")
        }
        process.waitUntilExit()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            throw failure("ended with code \(process.terminationStatus)")
        }
        return Array(output)
    }

    private func failure(_ reason: String) -> ParleyFailure {
        ParleyFailure(
            .failure,
            "The signing command of '\(publicKey.party)' \(reason).",
            remedy: "It reads one JSON object (\(Self.format)) and writes {\"signature\": BASE64}; nothing was signed."
        )
    }
}
