// How often 95 % intervals hold the truth, over simulated rounds of known truth: what ParleyReduction's documentation
// says of their coverage. Every round is a cell, so that the shipped reduction makes the intervals.

import ArgumentParser
import Foundation
import ParleyDispatch
import ParleyReduction
import ParleyTestSupport

struct Coverage: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Simulate rounds of known truth and print how often each interval holds it, as Markdown."
    )

    @Option(help: "Rounds at each point of the grid.") var rounds = 20_000
    @Option(help: "The seed of everything random.") var seed: UInt64 = 1
    @Option(help: "Resamples of the bootstrap.") var resamples = 1_000

    /// A point of the grid.
    private struct Point {
        var samples: Int
        var epochs: Int
        /// The mean of the samples' own rates, which are uniform within ± spread.
        var rate: Double
        var spread: Double
    }

    func run() throws {
        let error = (0.95 * 0.05 / Double(rounds)).squareRoot()
        print("\(rounds) rounds a point, seed \(seed); Monte-Carlo error of a coverage near 95 %: \(percent(error)).\n")
        print("Rates, one epoch: average over p = 0.02, 0.06, …, 0.98, and the least with its p.\n")
        print("| samples | Wilson | Clopper–Pearson | Jeffreys |\n|---|---|---|---|")
        for samples in [20, 50, 100, 300, 1_000] {
            var found: [String: [(rate: Double, share: Double)]] = [:]
            for rate in stride(from: 0.02, to: 0.99, by: 0.04) {
                let point = Point(samples: samples, epochs: 1, rate: rate, spread: 0)
                for (method, share) in try shares(point, rounds: rounds, bootstrap: nil) {
                    found[method, default: []].append((rate, share))
                }
            }
            let columns = ["Wilson", "Clopper–Pearson", "Jeffreys"].map { method in
                let all = found[method] ?? []
                let average = all.reduce(0) { $0 + $1.share } / Double(max(1, all.count))
                guard let least = all.min(by: { $0.share < $1.share }) else { return "" }
                return "\(percent(average)); \(percent(least.share)) at \(String(format: "%.2f", least.rate))"
            }
            print("| \(samples) | \(columns.joined(separator: " | ")) |")
        }
        print("\nRates over 5 epochs, samples' own rates uniform within ±0.3 (at 0.05 within ±0.05).\n")
        print(
            "| samples | p | as given | cluster t | bootstrap percentile | bootstrap BCa |\n|---|---|---|---|---|---|"
        )
        for samples in [5, 10, 30, 100, 300] {
            for rate in [0.05, 0.5, 0.7] {
                let point = Point(samples: samples, epochs: 5, rate: rate, spread: rate < 0.1 ? 0.05 : 0.3)
                let found = try shares(point, rounds: rounds, bootstrap: resamples)
                let columns = ["as given", "cluster t", "bootstrap percentile", "bootstrap BCa"].map { method in
                    found[method].map(percent) ?? "none"
                }
                print("| \(samples) | \(rate) | \(columns.joined(separator: " | ")) |")
            }
        }
        print(
            "\nAs given: cluster t, or Wilson on samples where all agree. Rounds without an interval of a method are left out of"
        )
        print("its column.")
    }

    /// By method, the share of rounds whose interval holds the rate, of those that have one.
    private func shares(_ point: Point, rounds: Int, bootstrap: Int?) throws -> [String: Double] {
        var held: [String: (held: Int, all: Int)] = [:]
        let batch = max(1, min(rounds, 4_000_000 / (point.samples * point.epochs)))
        for first in stride(from: 0, to: rounds, by: batch) {
            let count = min(batch, rounds - first)
            for finding in try findings(point, first: first, count: count, bootstrap: bootstrap) {
                let score = finding.score
                var intervals = [score.interval].compactMap { $0 } + score.exactIntervals()
                intervals += [score.bootstrap?.percentile, score.bootstrap?.bca].compactMap { $0 }
                var named = intervals.map { ($0.method.rawValue, $0) }
                if let given = score.interval { named.append(("as given", given)) }
                for (name, interval) in named {
                    let holds = interval.lower <= point.rate && point.rate <= interval.upper
                    held[name, default: (0, 0)].all += 1
                    held[name, default: (0, 0)].held += holds ? 1 : 0
                }
            }
        }
        return held.mapValues { Double($0.held) / Double($0.all) }
    }

    private func findings(_ point: Point, first: Int, count: Int, bootstrap: Int?) throws -> [CellFinding] {
        var columns = OutcomeColumns()
        let planned = point.samples * point.epochs
        columns.reserve(count * planned)
        for cell in 0..<count {
            // A seed of its own for each point and round.
            let place = UInt64(point.samples) << 40 ^ UInt64(point.rate * 1e4) << 24 ^ UInt64(first + cell)
            var generator = SeededGenerator(seed: seed &* 0x9E37_79B9_7F4A_7C15 ^ place)
            for sample in 0..<point.samples {
                let own = point.rate + point.spread * Double.random(in: -1...1, using: &generator)
                for epoch in 0..<point.epochs {
                    let isRight = Double.random(in: 0..<1, using: &generator) < own
                    try columns.append(
                        OutcomeRow(
                            cell: Int32(cell),
                            sample: Int32(sample),
                            epoch: Int32(epoch),
                            kind: .scored,
                            score: isRight ? 1_000_000_000 : 0
                        )
                    )
                }
            }
        }
        let specs = (0..<count).map { CellSpec(planned: Int64(planned), identity: UInt64(first + $0)) }
        return try reduceCells(
            columns: [columns],
            cells: specs,
            bootstrap: bootstrap.map { BootstrapPlan(resamples: $0, seed: seed) },
            threads: availableProcessors()
        )
    }

    private func percent(_ share: Double) -> String { String(format: "%.2f %%", share * 100) }
}
