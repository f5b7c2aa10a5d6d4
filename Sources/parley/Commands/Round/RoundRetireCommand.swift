// parley round retire: give a round up, or say that its findings no longer hold.

import ArgumentParser
import ParleyQueue

struct RoundRetireCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire",
        abstract: "Give a round up, or say that its findings no longer hold.",
        discussion: """
            There is no way back. A round that runs is first ended with `parley cancel`.

            Example:
              parley round retire spring --because "the models are withdrawn"
            """
    )

    @OptionGroup var move: RoundMove

    func run() async throws { try await move.move { _ in .retired } }
}
