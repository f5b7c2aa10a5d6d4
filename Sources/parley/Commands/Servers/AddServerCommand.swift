// parley servers add: make the rounds of another server readable from this one.

import ArgumentParser
import ParleyModel
import ParleyPostgres
import ParleyQueue

struct AddServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Make the rounds of another server readable from this one.",
        discussion: """
            Connect as a superuser of this server's database. The URL is how this server's PostgreSQL reaches the other \
            one, with a login that belongs to parley_coordinator there; from here it only reads. No password is kept: the \
            account that PostgreSQL runs as needs a passfile (its ~/.pgpass, or passfile=/path in the URL) or a \
            certificate (sslcert, sslkey). Refused where a round there has the name of one that is known. A server \
            that is known is taken in anew, as after `parley migrate`.

            Examples:
              parley servers add south 'postgresql://desk@south.example/parley?sslmode=verify-full' \
            --database postgresql://postgres@/parley
            """
    )

    @Argument(help: "What it is called here: lower-case letters, digits and _.")
    var name: String
    @Argument(help: "Its address: postgresql://login@host/database.")
    var url: String
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func validate() throws {
        guard name.wholeMatch(of: /[a-z][a-z0-9_]{0,31}/) != nil else {
            throw ValidationError("a server's name is 1 to 32 of a-z 0-9 _ and begins with a letter")
        }
    }

    func run() async throws {
        let configuration = try PostgresConfiguration(url)
        try await database.open(logger: log.logger("parley")).use { session in
            do {
                try await session.queue.add(server: name, at: configuration, by: Session.person)
            } catch let error as PostgresError where error.retryClass == .permission {
                throw ParleyFailure(
                    .database,
                    "Server '\(name)' was not added: \(error)",
                    remedy: "Connect as a superuser of this server (--database postgresql://postgres@host/parley); the "
                        + "login over there must belong to parley_coordinator."
                )
            }
            let rounds = try await session.queue.servers().first { $0.name == name }?.rounds.count ?? 0
            Console.print("Server '\(name)' is read from here; it has \(rounds) rounds.")
        }
    }
}
