// How often the intervals of corrected estimates hold the truth, over simulated rounds of known truth: what
// ParleyReduction's documentation says of them. The shipped reduction makes the intervals.

import ArgumentParser
import Foundation
import ParleyReduction
import ParleyTestSupport

struct JudgeCoverage: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Simulate audited judges and print how often each interval holds the truth, as Markdown."
    )

    @Option(help: "Rounds at each point of the grid.") var rounds = 20_000
    @Option(help: "The seed of everything random.") var seed: UInt64 = 1
    @Option(help: "Samples without a label.") var unlabelled = 500

    /// A judge and the truth: shares of label 1, of 1 said for 0, and of 0 said for 1.
    private struct Judge {
        var rate: Double
        var falsePositives: Double
        var falseNegatives: Double
    }

    /// Of one point of the grid.
    private struct Tally {
        var given = 0
        var normal = 0
        var labels = 0
        var raw = 0
        var width = 0.0
        var labelsWidth = 0.0
    }

    private static let judges = [
        Judge(rate: 0.5, falsePositives: 0.1, falseNegatives: 0.1),
        Judge(rate: 0.4, falsePositives: 0.3, falseNegatives: 0.05),
        Judge(rate: 0.5, falsePositives: 0.03, falseNegatives: 0),
        Judge(rate: 0.1, falsePositives: 0.05, falseNegatives: 0.1),
        Judge(rate: 0.05, falsePositives: 0.02, falseNegatives: 0.02),
        Judge(rate: 0.02, falsePositives: 0.02, falseNegatives: 0.1),
    ]

    func run() throws {
        print("\(rounds) rounds a point, seed \(seed), \(unlabelled) samples without a label.\n")
        let columns = ["raw", "as given", "z throughout", "labels alone", "width", "labels' width"]
        print("| audited | p, 1 for 0, 0 for 1 | \(columns.joined(separator: " | ")) |")
        print("|---|---|---|---|---|---|---|---|")
        for audited in [10, 20, 50, 100, 200] {
            for (place, judge) in Self.judges.enumerated() {
                let tally = try tally(judge, audited: audited, place: UInt64(place))
                let shares = [tally.raw, tally.given, tally.normal, tally.labels].map { held in
                    String(format: "%.1f %%", 100 * Double(held) / Double(rounds))
                }
                let widths = [tally.width, tally.labelsWidth].map { String(format: "%.3f", $0 / Double(rounds)) }
                let name = "\(judge.rate), \(judge.falsePositives), \(judge.falseNegatives)"
                print("| \(audited) | \(name) | \((shares + widths).joined(separator: " | ")) |")
            }
        }
    }

    private func tally(_ judge: Judge, audited: Int, place: UInt64) throws -> Tally {
        var tally = Tally()
        for round in 0..<rounds {
            // A seed of its own for each point and round.
            let own = UInt64(audited) << 40 ^ place << 32 ^ UInt64(round)
            var generator = SeededGenerator(seed: seed &* 0x9E37_79B9_7F4A_7C15 ^ own)
            let table = try table(judge, audited: audited, &generator)
            let found = correctedEstimate(table, cell: 0, judge: 1, gold: 0)
            let labels = wilsonInterval(rate: found.labelMean ?? 0, observations: Int64(audited), level: 0.95)
            let half = 1.959963984540054 * (found.standardError ?? 0)
            tally.given += holds(found.interval, judge.rate)
            tally.normal += ((found.estimate ?? 0) - judge.rate).magnitude <= half ? 1 : 0
            tally.labels += holds(labels, judge.rate)
            tally.raw += holds(found.judge.interval, judge.rate)
            tally.width += found.interval.map { $0.upper - $0.lower } ?? 0
            tally.labelsWidth += labels.map { $0.upper - $0.lower } ?? 0
        }
        return tally
    }

    private func holds(_ interval: ConfidenceInterval?, _ truth: Double) -> Int {
        guard let interval else { return 0 }
        return interval.lower <= truth && truth <= interval.upper ? 1 : 0
    }

    private func table(_ judge: Judge, audited: Int, _ generator: inout SeededGenerator) throws -> RatingTable {
        var ratings: [Rating] = []
        for sample in 0..<(audited + unlabelled) {
            let label = Double.random(in: 0..<1, using: &generator) < judge.rate
            let error = label ? judge.falseNegatives : judge.falsePositives
            let isWrong = Double.random(in: 0..<1, using: &generator) < error
            let verdict: Int64 = label != isWrong ? 1_000_000_000 : 0
            ratings.append(Rating(rater: 1, cell: 0, sample: Int32(sample), score: verdict))
            guard sample < audited else { continue }
            ratings.append(Rating(rater: 0, cell: 0, sample: Int32(sample), score: label ? 1_000_000_000 : 0))
        }
        return try RatingTable(ratings)
    }
}
