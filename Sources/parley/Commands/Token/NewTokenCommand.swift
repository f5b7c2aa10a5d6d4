// parley token new: a token, shown once.

import ArgumentParser
import ParleyModel
import ParleyQueue

struct NewTokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Make a token for the HTTP service and show it, once.",
        discussion: """
            Scopes: read looks; control also pauses, resumes, cancels, shares, drains, rules and sets budgets; admin also \
            sees and revokes tokens. With --login it is a party's: the service then reads as that login, which must be \
            a member of parley_party, and as which the coordinator's host must be able to log in (PGPASSFILE).

            Examples:
              parley token new olga --scope control --because "on call"
              parley token new south --login south_reader --days 30 --because "agreed on 3 May"
            """
    )

    @Argument(help: "Its name, which the ledger shows.")
    var name: String
    @Option(help: "read, control or admin.", transform: Self.scope)
    var scope: TokenScope = .read
    @Option(help: ArgumentHelp("A party's login, as which it reads.", valueName: "login"))
    var login: String?
    @Option(help: ArgumentHelp("Until it expires.", valueName: "count"))
    var days = 90
    @Option(help: ArgumentHelp("Why; kept in the events.", valueName: "text"))
    var because: String
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    private static func scope(_ text: String) throws -> TokenScope {
        guard let scope = TokenScope(rawValue: text) else {
            throw ValidationError("a scope is read, control or admin, not '\(text)'")
        }
        return scope
    }

    func validate() throws {
        if !Name<TokenScope>.isValid(name) {
            throw ValidationError("a name is 1 to 64 lower-case letters, digits, '.', '_' and '-'")
        }
        if login != nil, scope != .read { throw ValidationError("a party's token can only read") }
        if !(1...3660).contains(days) { throw ValidationError("--days takes 1 to 3660") }
        if because.allSatisfy(\.isWhitespace) { throw ValidationError("say why with --because") }
    }

    func run() async throws {
        let secret = try await database.openOrMake(logger: log.logger("parley")).use { session in
            try await session.queue.makeToken(
                name,
                scope: scope,
                login: login,
                lifetime: .seconds(days * 86_400),
                by: .init(actor: Session.person, reason: because)
            )
        }
        Console.error("This is shown once; it expires in \(days) days.")
        Console.print(secret.text)
    }
}
