// parley round grade: take a round whose jobs are done to the stage in which people label answers.

import ArgumentParser
import ParleyQueue

struct RoundGradeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grade",
        abstract: "Take a round whose jobs are done to the stage in which people label answers.",
        discussion: """
            Nothing of it is claimed in this stage.

            Example:
              parley round grade spring
            """
    )

    @OptionGroup var move: RoundMove

    func run() async throws { try await move.move { _ in .grading } }
}
