// parley servers remove: read a server no more.

import ArgumentParser
import ParleyModel
import ParleyQueue

struct RemoveServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Read a server no more; nothing changes over there.",
        discussion: """
            Connect as a superuser of this server's database.

            Example:
              parley servers remove south --database postgresql://postgres@/parley
            """
    )

    @Argument(help: "The server.")
    var name: String
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        try await database.open(logger: log.logger("parley")).use { session in
            guard try await session.queue.remove(server: name) else {
                throw ParleyFailure(
                    .invalidInput,
                    "There is no server named '\(name)' here.",
                    remedy: "`parley servers list` names those that are known."
                )
            }
            Console.print("Server '\(name)' is not read from here any more.")
        }
    }
}
