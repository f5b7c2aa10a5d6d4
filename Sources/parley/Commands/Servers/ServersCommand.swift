// parley servers: rounds spread over several servers.

import ArgumentParser

struct ServersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "servers",
        abstract: "Read rounds that are on other servers from this one.",
        discussion: """
            Each round is wholly on one server. One of them, the desk, knows the others: there `findings`, `compare`, \
            `series`, `questions` and `ask` find a round wherever it is, read through postgres_fdw. Everything else is \
            asked of the server that has the round.

            Exit codes: 4 a server does not answer.

            Examples:
              parley servers add south 'postgresql://desk@south.example/parley' --database postgresql://postgres@/parley
              parley servers list
            """,
        subcommands: [AddServerCommand.self, ListServersCommand.self, RemoveServerCommand.self]
    )
}
