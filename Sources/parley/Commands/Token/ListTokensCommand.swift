// parley token list: all tokens, without their secrets.

import ArgumentParser
import ParleyCoordinator
import ParleyQueue
import ParleyReport

struct ListTokensCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the tokens of the HTTP service, those that are over as well.",
        discussion: """
            Example:
              parley token list --json
            """
    )

    @Flag(help: "Print as JSON (schemas/json/tokens.schema.json).")
    var json = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        let rows = try await database.open(logger: log.logger("parley")).use {
            try await $0.queue.tokens().map(TokenRow.init)
        }
        if json { return try Console.json(rows) }
        for row in rows {
            let whose = row.login.map { " of login \($0)" } ?? ""
            let scopes = row.scopes.map(\.rawValue).joined(separator: ", ")
            let end = row.revokedAt.map { "revoked \($0) by \(row.revokedBy ?? "")" } ?? "expires \(row.expiresAt)"
            Console.print(
                Escape.terminal("\(row.name)\(whose)  \(scopes)  \(end), last used \(row.lastUsedAt ?? "never")")
            )
        }
        if rows.isEmpty { Console.print("There is no token.") }
    }
}
