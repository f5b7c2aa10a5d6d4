// parley round seed: the sealed seed of an audit.

import ArgumentParser
import ParleyEvidence
import ParleyModel

struct RoundSeedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seed",
        abstract: "Draw the secret seed of a round's audit and order, and print the commitment to it.",
        discussion: """
            The commitment goes into the round file, under audit: { size: 20, seed: sha256:… } for the answers that people \
            label, under order: { seed: sha256:… } for the order in which samples are run, and is frozen with it. Whoever \
            submits a round with a sealed order gives the file by --seed. Keep it to yourself until people have labelled \
            the answers that it draws; then `parley audit` or `parley order` opens it.

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
