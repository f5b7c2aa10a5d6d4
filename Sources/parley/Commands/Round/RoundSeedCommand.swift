// parley round seed: the sealed seed of an audit.

import ArgumentParser
import ParleyEvidence
import ParleyModel

struct RoundSeedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seed",
        abstract: "Draw the secret seed of a round's audit, and print the commitment to it.",
        discussion: """
            The commitment goes into the round file, under audit: { size: 20, seed: sha256:… }, and is frozen with it. \
            Keep the file to yourself until people have labelled the answers that it draws.

            Example:
              parley round seed --output spring.seed
            """
    )

    @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file"))
    var output: String

    func run() throws {
        let seed = SealedSeed()
        try seed.write(to: output)
        Console.print("\(seed.commitment)")
    }
}
