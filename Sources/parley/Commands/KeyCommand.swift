// parley key: the keys with which a party signs.

import ArgumentParser
import Foundation
import ParleyEvidence
import ParleyModel

struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Make and show the keys with which a party signs, and those that open held-out suites.",
        discussion: """
            A private key is an Ed25519 key (a seal key: X25519) in a file of mode 0600; it never enters the database. Hand the public key \
            to the other parties on a way of its own: by it they check what you signed.

            Examples:
              parley key new --party north
              parley key show north.key
              parley key public north.key > north.pub
              parley key seal worker-1
              parley key secret --party south
            """,
        subcommands: [NewKey.self, ShowKey.self, WritePublicKey.self, NewSealKey.self, NewPartySecret.self]
    )
}

private struct NewKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Write a new private key, and its public key beside it as .pub."
    )

    @Option(help: "The party that signs with it, as round files name it.")
    var party: String
    @Option(name: .shortAndLong, help: ArgumentHelp("The file to write. Default: PARTY.key.", valueName: "file"))
    var output: String?
    @Flag(help: "Print the public key as JSON.")
    var json = false

    func validate() throws {
        guard PartyName.isValid(party) else {
            throw ValidationError("a party's name is 1 to 64 of a-z 0-9 . _ - and starts with a letter or a digit")
        }
    }

    func run() throws {
        let file = output ?? "\(party).key"
        let publicFile = (file.hasSuffix(".key") ? String(file.dropLast(4)) : file) + ".pub"
        guard !FileManager.default.fileExists(atPath: publicFile) else {
            throw ParleyFailure(.failure, "\(publicFile) is there already.", remedy: "Name another file by --output.")
        }
        let key = try SigningKey(party: PartyName(party))
        try key.write(to: file)
        let text = key.publicKey.json.pretty + "\n"
        do { try text.write(toFile: publicFile, atomically: true, encoding: .utf8) } catch {
            throw ParleyFailure(.failure, "\(publicFile) cannot be written: \(error.localizedDescription)")
        }
        if json { return Console.print(key.publicKey.json.pretty) }
        Console.print("\(file): private key of \(party); keep it.")
        Console.print("\(publicFile): public key \(key.publicKey.id); hand it out.")
    }
}

private struct ShowKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show whose a private key is, and its key id."
    )

    @Argument(help: "The private key.")
    var file: String
    @Flag(help: "Print the public key as JSON.")
    var json = false

    func run() throws {
        let key = try SigningKey(file: file).publicKey
        Console.print(json ? key.json.pretty : "\(key.party)  \(key.id)")
    }
}

private struct WritePublicKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "public",
        abstract: "Print the public key of a private key."
    )

    @Argument(help: "The private key.")
    var file: String

    func run() throws { Console.print(try SigningKey(file: file).publicKey.json.pretty) }
}
