// parley token: who may call the coordinator's HTTP service.

import ArgumentParser

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Say who may call the coordinator's HTTP service, and what each may do.",
        discussion: """
            A token is shown once; the database keeps its SHA-256. A party's token reads what that party sees, in a \
            session of its own login, and nothing else.

            Examples:
              parley token new grafana --scope read --days 365 --because "dashboards"
              parley token new south --login south_reader --because "agreed on 3 May"
              parley token list --json
              parley token revoke grafana --because "leaked"
            """,
        subcommands: [NewTokenCommand.self, ListTokensCommand.self, RevokeTokenCommand.self]
    )
}
