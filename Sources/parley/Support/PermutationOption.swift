// The option of every command that can flip the signs of differences.

import ArgumentParser

struct PermutationOption: ParsableArguments {
    @Option(
        name: .customLong("permutations"),
        help: ArgumentHelp(
            "Also test each comparison by flipping the signs of its differences, so many times; all ways where few differ.",
            discussion: "10000 is a good number.",
            valueName: "draws"
        )
    )
    var draws: Int?

    func validate() throws {
        guard let draws, !(1_000...1_000_000).contains(draws) else { return }
        throw ValidationError("--permutations takes 1000 to 1000000 draws, not \(draws)")
    }
}
