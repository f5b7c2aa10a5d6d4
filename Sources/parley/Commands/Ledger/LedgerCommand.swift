// parley ledger: what happened in a round, and how far it can be relied on.

import ArgumentParser

struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "Show, check and witness the ledger of a round, and prove single outcomes.",
        discussion: """
            The ledger is append-only and hash-chained. Whoever owns the database server can rebuild all of it; that is \
            found by holding it against a head that somebody signed before and kept elsewhere: a witness.
            """,
        subcommands: [
            LedgerShowCommand.self, LedgerVerifyCommand.self, LedgerWitnessCommand.self, LedgerProveCommand.self,
            LedgerCheckCommand.self,
        ]
    )
}
