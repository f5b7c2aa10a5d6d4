// parley round disclose: settle what will be said, and of whom.

import ArgumentParser
import ParleyQueue

struct RoundDiscloseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disclose",
        abstract: "Settle what will be said, and of whom.",
        discussion: """
            From correction to disclosure.

            Example:
              parley round disclose spring
            """
    )

    @OptionGroup var move: RoundMove

    func run() async throws { try await move.move { _ in .disclosure } }
}
