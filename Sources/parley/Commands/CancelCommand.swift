// parley cancel: a part of a round is given up.

import ArgumentParser
import ParleyQueue

struct CancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Give up a round, or a part of it: what was not begun is not run.",
        discussion: """
            What is done stays. What is in flight finishes; with --now it is stopped within seconds. The findings name \
            the cells that are incomplete. `parley resume ROUND --cancelled` takes it back.

            Examples:
              parley cancel spring --suite reward --because "wrong dataset"
              parley cancel spring --now
            """
    )

    @OptionGroup var part: PartOptions
    @Flag(help: "Stop what is in flight too.")
    var now = false
    @Option(help: ArgumentHelp("Why; kept in the ledger.", valueName: "text"))
    var because = "cancelled by hand"
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        let effect = try await part.control(.cancel, now: now, because: because, database, log)
        Console.print(effect.text("cancelled", part.text))
    }
}
