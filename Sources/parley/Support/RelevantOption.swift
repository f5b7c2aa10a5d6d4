// The option of every command that holds differences against the smallest one that matters.

import ArgumentParser

struct RelevantOption: ParsableArguments {
    @Option(
        name: .customLong("relevant"),
        help: "The smallest difference that matters, in the scores' unit: 0.05 is five points of a rate."
    )
    var difference = 0.05

    func validate() throws {
        guard difference > 0, difference.isFinite else { throw ValidationError("--relevant takes a number above 0") }
    }
}
