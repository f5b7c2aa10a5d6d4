// parley key seal: a key that opens held-out suites.

import ArgumentParser
import Foundation
import ParleyEvidence
import ParleyModel

struct NewSealKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seal",
        abstract: "Write a new key that opens held-out suites, and its public key beside it.",
        discussion: """
            A party has one, and each worker that is to run held-out suites. The public key, NAME.seal.pub, goes to \
            whoever submits the round or admits to a suite; the private one stays where it is.

            Example:
              parley key seal worker-1
            """
    )

    @Argument(help: "Whose key it is: a party's name, or a worker's.")
    var holder: String
    @Option(name: .shortAndLong, help: ArgumentHelp("The file to write. Default: NAME.seal.key.", valueName: "file"))
    var output: String?
    @Flag(help: "Print the public key as JSON.")
    var json = false

    func run() throws {
        let file = output ?? "\(holder).seal.key"
        let publicFile = (file.hasSuffix(".key") ? String(file.dropLast(4)) : file) + ".pub"
        guard !FileManager.default.fileExists(atPath: publicFile) else {
            throw ParleyFailure(.failure, "\(publicFile) is there already.", remedy: "Name another file by --output.")
        }
        let key = try SealKey(holder: holder)
        try key.write(to: file)
        do {
            try (key.recipient.json.pretty + "\n").write(toFile: publicFile, atomically: true, encoding: .utf8)
        } catch {
            throw ParleyFailure(.failure, "\(publicFile) cannot be written: \(error.localizedDescription)")
        }
        if json { return Console.print(key.recipient.json.pretty) }
        Console.print("\(file): private key of \(holder); keep it.")
        Console.print("\(publicFile): public key \(key.recipient.id); hand it out.")
    }
}
