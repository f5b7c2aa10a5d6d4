// parley key secret: what the keys of a party's transcripts are bound to.

import ArgumentParser
import ParleyEvidence
import ParleyModel

struct NewPartySecret: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secret",
        abstract: "Write a new secret that the keys of a tested party's transcripts are bound to.",
        discussion: """
            Give it to `submit`, `run` or `round draft` by --party-secret, and by the same option to the workers and \
            readers that are to open what the party's models answer to held-out suites. It never enters the database: \
            once all copies of the file are destroyed, these answers are noise, in backups from before as well.

            Keep it out of the backups that hold the database, and make one for each round: rounds that share it end \
            together.

            Example:
              parley key secret --party south
            """
    )

    @Option(help: "The tested party, as the round file names it.")
    var party: String
    @Option(name: .shortAndLong, help: ArgumentHelp("The file to write. Default: PARTY.secret.", valueName: "file"))
    var output: String?

    func validate() throws {
        guard PartyName.isValid(party) else {
            throw ValidationError("a party's name is 1 to 64 of a-z 0-9 . _ - and starts with a letter or a digit")
        }
    }

    func run() throws {
        let file = output ?? "\(party).secret"
        try PartySecret(party: PartyName(party)).write(to: file)
        Console.print("\(file): secret of \(party); hand it to those alone who are to read its transcripts.")
    }
}
