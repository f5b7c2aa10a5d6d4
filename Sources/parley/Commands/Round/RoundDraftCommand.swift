// parley round draft: submit a round that can still be changed.

import ArgumentParser
import ParleyQueue

struct RoundDraftCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "draft",
        abstract: "Submit a round that can still be changed.",
        discussion: """
            Nothing of a draft runs. Submitting a changed file under the same name takes its place.

            Examples:
              parley round draft spring.yaml
            """
    )

    @OptionGroup var file: RoundSubmissionOptions

    func run() async throws { try await file.submit(upTo: .draft) }
}
