// parley resume: what was paused goes on.

import ArgumentParser
import ParleyQueue

struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Let paused parts of a round go on.",
        discussion: """
            Also lets accounts whose provider failed be tried at once. --cancelled takes a cancellation back.

            Examples:
              parley resume spring --because "the key is right now"
              parley resume spring --suite reward --cancelled
            """
    )

    @OptionGroup var part: PartOptions
    @Flag(help: "Take a cancellation back.")
    var cancelled = false
    @Option(help: ArgumentHelp("Why; kept in the ledger.", valueName: "text"))
    var because = ""
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        let effect = try await part.control(
            cancelled ? .uncancel : .resume,
            now: false,
            because: because,
            database,
            log
        )
        Console.print(
            effect.isChange
                ? effect.text("running again", part.text)
                : "Nothing to do: \(part.text) was not \(cancelled ? "cancelled" : "paused")."
        )
    }
}
