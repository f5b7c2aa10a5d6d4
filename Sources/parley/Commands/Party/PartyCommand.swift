// parley party: which logins read as which party of a round.

import ArgumentParser

struct PartyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "party",
        abstract: "Say which logins read as which party of a round.",
        discussion: """
            A party reads its rounds with a login of its own, made by the database's administrator as a member of the \
            group parley_party. What it sees, `parley view` shows; the database decides it for each row, by the \
            party's part in the round and by the round's state.

            Examples:
              parley party grant spring south --login south_reader
              parley party list spring
              parley party revoke spring south --login south_reader
            """,
        subcommands: [GrantPartyCommand.self, RevokePartyCommand.self, ListPartiesCommand.self]
    )
}
