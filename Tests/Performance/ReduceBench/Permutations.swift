// How long the sign-flip tests of a large table take: every two models of every suite, on graded scores, so that no pair
// is McNemar's. The comparisons are made without the tests first, so that what these add can be read off.

import ArgumentParser
import ParleyReduction

/// Compares all models of all suites with and without permutations, and prints as JSON the seconds that each took.
struct Permutations: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Time the sign-flip tests of a table of comparisons."
    )

    @Option(help: "The number of suites.") var suites = 50
    @Option(help: "Models, each compared with every other.") var models = 20
    @Option(help: "Samples of each suite.") var samples = 500
    @Option(help: "Repetitions of each sample.") var epochs = 1
    @Option(help: "Draws of each test.") var draws = 10_000
    @Option(help: "The most threads.") var threads = 2

    func run() throws {
        let columns = try outcomes()
        let cells = (0..<suites * models).map { CellSpec(planned: Int64(samples * epochs), identity: UInt64($0)) }
        let pairs = (0..<suites).flatMap { suite in
            (0..<models).flatMap { first in
                (first + 1..<models).map { CellPair(first: suite * models + first, second: suite * models + $0) }
            }
        }
        var times: [Double] = []
        var tests = 0
        for plan in [nil, PermutationPlan(draws: draws, seed: 1)] {
            let begin = ContinuousClock.now
            let found = try reduceRound(
                columns: [columns],
                cells: cells,
                pairs: pairs,
                permutations: plan,
                threads: threads
            ).comparisons
            times.append((ContinuousClock.now - begin) / .seconds(1))
            tests = found.count { $0.permutation != nil }
        }
        print(
            """
            {"comparisons": \(pairs.count), "tests": \(tests), "samples": \(samples), "draws": \(draws), \
            "seconds_without": \(times[0]), "seconds": \(times[1])}
            """
        )
    }

    /// Scores in thousandths, of models and samples of differing difficulty.
    private func outcomes() throws -> OutcomeColumns {
        var columns = OutcomeColumns()
        columns.reserve(suites * models * samples * epochs)
        var state: UInt64 = 1
        for cell in 0..<suites * models {
            for observation in 0..<samples * epochs {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let sample = observation / epochs
                let level = Int64(cell % models) * 5 + Int64(sample % 300)
                try columns.append(
                    OutcomeRow(
                        cell: Int32(cell),
                        sample: Int32(sample),
                        epoch: Int32(observation % epochs),
                        kind: .scored,
                        score: (level + Int64(state >> 33) % 600) * 1_000_000
                    )
                )
            }
        }
        return columns
    }
}
