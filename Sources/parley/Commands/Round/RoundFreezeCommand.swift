// parley round freeze: fix what a round is, under one hash, so that it can be signed.

import ArgumentParser
import ParleyQueue

struct RoundFreezeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "freeze",
        abstract: "Fix what a round is, under one hash, so that it can be signed.",
        discussion: """
            Takes a round file, or the name of a draft. From here on the definition does not change; `parley round \
            amend` adds to it.

            Examples:
              parley round freeze spring.yaml --because "agreed on 3 May"
              parley round freeze spring --dry-run
            """
    )

    @OptionGroup var file: RoundSubmissionOptions

    func run() async throws { try await file.submit(upTo: .frozen) }
}
