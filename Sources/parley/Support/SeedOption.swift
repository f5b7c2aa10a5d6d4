// The sealed seed of a round on the command line of whoever submits it.

import ArgumentParser
import ParleyEvidence

struct SeedOption: ParsableArguments {
    @Option(
        name: .customLong("seed"),
        help: ArgumentHelp(
            "The sealed seed, where the round file's order follows from one; of `parley round seed`.",
            valueName: "file"
        )
    )
    var file: String?

    /// nil where none is given.
    var seed: SealedSeed? { get throws { try file.map { try SealedSeed(file: $0) } } }
}
