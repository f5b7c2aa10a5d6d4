// Which login is meant, and as which party of which round it reads.

import ArgumentParser

struct PartyLoginOptions: ParsableArguments {
    @Argument(help: "The round.")
    var round: String
    @Argument(help: "The party, as the round names it.")
    var party: String
    @Option(help: ArgumentHelp("The database's login, or a group of logins.", valueName: "name"))
    var login: String
}
