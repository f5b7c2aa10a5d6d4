// parley round status: where a round stands between its parties.

import ArgumentParser
import ParleyCoordinator
import ParleyModel
import ParleyQueue
import ParleyReport

struct RoundStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show a round's state, who has signed it, its amendments and its ledger's head.",
        discussion: """
            All signatures are checked with the keys that the definition names, and the ledger's chain is followed. \
            How far its jobs are is shown by `parley status`.

            Example:
              parley round status spring
            """
    )

    @Argument(help: "The round.")
    var round: String
    @Flag(help: "Print as JSON (schemas/json/standing.schema.json).")
    var json = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        let standing = try await database.open(logger: log.logger("parley")).use { session in
            try await session.queue.standing(of: session.round(round))
        }
        if json { return try Console.json(standing) }
        let next = standing.next.map(\.rawValue).joined(separator: ", ")
        Console.print(
            "Round '\(standing.round)' is \(standing.state.rawValue); next: \(next.isEmpty ? "nothing" : next)."
        )
        Console.print("definition  \(standing.definitionHash)")
        Console.print("ledger      \(standing.head) after \(standing.entries) entries")
        for witness in standing.witnesses {
            Console.print("            witnessed by \(witness.by) up to entry \(witness.sequence)")
        }
        if standing.witnesses.isEmpty { Console.print("            witnessed by nobody") }
        if standing.signaturesNeeded == 0 {
            Console.print("Not signed by its parties: it is a round of one operator.")
        } else {
            Console.print("\(standing.signaturesNeeded) parties sign it before it runs.")
        }
        var table = TerminalTable(
            columns: ["party", "role", "signature", "handle in the ledger"].map { .init($0) },
            isStyled: Console.isStyled
        )
        for party in standing.parties {
            let signature = party.signed ? "signed" : party.required ? "missing" : "not asked for"
            table.append([party.name.text, party.role.rawValue, signature, party.handle])
        }
        Console.print(String(table.render(width: Console.width).dropLast()))
        for change in standing.amendments {
            let suites = change.suites.isEmpty ? "all suites" : change.suites.map(\.text).joined(separator: ", ")
            let lacking = change.lacking == 0 ? "" : ", \(change.lacking) signatures missing"
            Console.print(Escape.terminal("Amendment \(change.number) (\(suites)\(lacking)): \(change.text)"))
        }
    }
}
