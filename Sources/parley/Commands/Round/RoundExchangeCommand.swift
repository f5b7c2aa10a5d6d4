// parley round exchange: show results to the parties, each its own first.

import ArgumentParser
import ParleyQueue

struct RoundExchangeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exchange",
        abstract: "Show results to the parties, each its own first.",
        discussion: """
            A round whose jobs are all done goes there by itself, unless it is to be graded by people.

            Example:
              parley round exchange spring --because "labels are in"
            """
    )

    @OptionGroup var move: RoundMove

    func run() async throws { try await move.move { _ in .exchange } }
}
