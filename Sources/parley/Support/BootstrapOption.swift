// The option of every command that can draw again.

import ArgumentParser

struct BootstrapOption: ParsableArguments {
    @Option(
        name: .customLong("bootstrap"),
        help: ArgumentHelp(
            "Also draw each cell's samples again, so many times, for intervals by percentile and BCa.",
            discussion: "10000 is a good number.",
            valueName: "resamples"
        )
    )
    var resamples: Int?

    func validate() throws {
        guard let resamples, !(100...1_000_000).contains(resamples) else { return }
        throw ValidationError("--bootstrap takes 100 to 1000000 resamples, not \(resamples)")
    }
}
