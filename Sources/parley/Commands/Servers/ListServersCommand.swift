// parley servers list: the servers that are known here, and the rounds of all.

import ArgumentParser
import Foundation
import ParleyModel
import ParleyQueue
import ParleyReport

struct ListServersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the servers that are known here, and the rounds of all.",
        discussion: """
            A server that does not answer is listed with the rounds that it had when it last did, and the exit code is 4.

            Examples:
              parley servers list
              parley servers list --json
            """
    )

    @Flag(help: "Print as JSON (schemas/json/servers.schema.json).")
    var json = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    private struct Server: Encodable {
        /// nil for this one.
        let name: String?
        let place: String
        let answers: Bool
        let rounds: [Round]
    }

    private struct Round: Encodable {
        let name: RoundName
        /// nil where the server does not answer.
        let state: RoundState?
    }

    func run() async throws {
        try await database.open(logger: log.logger("parley")).use { session in
            let directory = try await session.queue.directory()
            let silent = Dictionary(uniqueKeysWithValues: directory.silent.map { ($0.server.name, $0) })
            func rounds(_ server: String?) -> [Round] {
                directory.entries.filter { $0.server?.name == server }
                    .map { Round(name: $0.record.name, state: $0.record.state) }
            }
            var all = [Server(name: nil, place: "\(session.coordinator)", answers: true, rounds: rounds(nil))]
            all += try await session.queue.servers().map { server in
                let answers = silent[server.name] == nil
                return Server(
                    name: server.name,
                    place: server.place,
                    answers: answers,
                    rounds: answers ? rounds(server.name) : server.rounds.map { Round(name: $0, state: nil) }
                )
            }
            if json { try Console.json(all) } else { Console.print(table(all)) }
            guard directory.silent.isEmpty else {
                throw ParleyFailure(
                    .database,
                    directory.silent.map(\.description).joined(separator: "\n  "),
                    remedy: "Start it, or check its address and login."
                )
            }
        }
    }

    private func table(_ servers: [Server]) -> String {
        var table = TerminalTable(
            columns: [.init("server"), .init("round"), .init("state"), .init("place")],
            isStyled: Console.isStyled
        )
        for server in servers {
            let name = server.name ?? "(here)"
            for round in server.rounds {
                table.append([name, round.name.text, round.state?.rawValue ?? "does not answer", server.place])
            }
            if server.rounds.isEmpty { table.append([name, NumberText.none, NumberText.none, server.place]) }
        }
        return table.render(width: Console.width)
    }
}
