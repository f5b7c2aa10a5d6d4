// parley pause: nothing more of a part of a round is claimed until it is resumed.

import ArgumentParser
import ParleyQueue

struct PauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Claim nothing more of a round, or of a part of it, until it is resumed.",
        discussion: """
            What is in flight finishes; with --now it is stopped within seconds and goes back unspent. Repeating it \
            changes nothing.

            Examples:
              parley pause spring
              parley pause spring --model gpt-x --now --because "wrong key"
            """
    )

    @OptionGroup var part: PartOptions
    @Flag(help: "Stop what is in flight too.")
    var now = false
    @Option(help: ArgumentHelp("Why; shown in the status and kept in the ledger.", valueName: "text"))
    var because = "paused by hand"
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        let effect = try await part.control(.pause, now: now, because: because, database, log)
        Console.print(effect.text("paused", part.text))
    }
}
