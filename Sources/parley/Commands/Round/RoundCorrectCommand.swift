// parley round correct: take responses and disputes; a published round is corrected.

import ArgumentParser
import ParleyQueue

struct RoundCorrectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "correct",
        abstract: "Take responses and disputes; a published round is corrected.",
        discussion: """
            From exchange the round goes to correction, from published to corrected.

            Example:
              parley round correct spring --because "two samples are invalid"
            """
    )

    @OptionGroup var move: RoundMove

    func run() async throws {
        try await move.move { $0.state == .published || $0.state == .corrected ? .corrected : .correction }
    }
}
