// parley round start: let a frozen round run.

import ArgumentParser
import ParleyQueue

struct RoundStartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Let a frozen round run.",
        discussion: """
            Its signatures are checked first; workers then claim its jobs.

            Example:
              parley round start spring
            """
    )

    @OptionGroup var move: RoundMove

    func run() async throws { try await move.move { _ in .running } }
}
