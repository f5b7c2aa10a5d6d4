// parley pack: who can open the held-out suites of a round.

import ArgumentParser

struct PackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pack",
        abstract: "Say who can open the held-out suites of a round.",
        discussion: """
            The samples of a held-out suite, and each tested party's transcripts of it, are encrypted under keys of \
            their own. Who has a key hands it on to others by their public keys.

            Examples:
              parley pack list spring
              parley pack admit spring --seal-key north.seal.key --recipient worker-2.seal.pub
              parley pack admit spring --seal-key north.seal.key --recipient south.seal.pub --suite probes --party south
            """,
        subcommands: [AdmitCommand.self, ListPacksCommand.self, DestroyKeysCommand.self]
    )
}
