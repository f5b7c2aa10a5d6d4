// parley round publish: publish what was settled.

import ArgumentParser
import ParleyQueue

struct RoundPublishCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Publish what was settled.",
        discussion: """
            From disclosure to published; `parley evidence` then writes the packages.

            Example:
              parley round publish spring
            """
    )

    @OptionGroup var move: RoundMove

    func run() async throws { try await move.move { _ in .published } }
}
