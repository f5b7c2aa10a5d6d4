// parley token revoke: a token is over, at once.

import ArgumentParser
import ParleyModel
import ParleyQueue

struct RevokeTokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "End a token of the HTTP service, at once.",
        discussion: """
            Example:
              parley token revoke grafana --because "leaked"
            """
    )

    @Argument(help: "Its name.")
    var name: String
    @Option(help: ArgumentHelp("Why; kept in the events.", valueName: "text"))
    var because: String
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func validate() throws {
        if because.allSatisfy(\.isWhitespace) { throw ValidationError("say why with --because") }
    }

    func run() async throws {
        let done = try await database.open(logger: log.logger("parley")).use { session in
            let authority = CoordinatorQueue.Authority(actor: Session.person, reason: because)
            if try await session.queue.revokeToken(name, by: authority) { return true }
            guard try await session.queue.tokens().contains(where: { $0.name == name }) else {
                throw ParleyFailure(
                    .invalidInput,
                    "There is no token named '\(name)'.",
                    remedy: "`parley token list` lists them."
                )
            }
            return false
        }
        Console.print(done ? "Token '\(name)' is revoked." : "Nothing to do: it was revoked before.")
    }
}
