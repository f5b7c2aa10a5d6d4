// Outcomes of a known shape: what a round's cells, samples and epochs look like, and what one outcome holds.

import ArgumentParser
import Foundation
import ParleyReduction
import ParleyTestSupport

/// Which cells have how many samples, under which ids.
struct Shape {
    enum Name: String, ExpressibleByArgument, CaseIterable {
        /// 1,000 cells of equal size, samples numbered from 0.
        case dense
        /// 1,000 cells, the k-th of a size in proportion to 1/k.
        case zipf
        /// As `dense`, with 31-bit sample ids that the 20 cells of a suite share.
        case sparse
        /// One cell.
        case oneCell = "one-cell"
    }

    static let epochs = 20
    let name: Name
    /// The number of samples of each cell.
    let samples: [Int]
    /// The first row of each cell, and at the end the number of all rows.
    private let starts: [Int]

    var cellCount: Int { samples.count }

    init(_ name: Name, rows: Int) {
        self.name = name
        let cells = name == .oneCell ? 1 : 1_000
        let weights = (1...cells).map { name == .zipf ? 1 / Double($0) : 1 }
        let total = weights.reduce(0, +)
        samples = weights.map { max(1, Int(Double(rows / Self.epochs) * $0 / total)) }
        starts = Self.starts(samples)
    }

    /// Cells of equal size, samples numbered from 0.
    init(cells: Int, samples: Int) {
        name = .dense
        self.samples = [Int](repeating: samples, count: cells)
        starts = Self.starts(self.samples)
    }

    private static func starts(_ samples: [Int]) -> [Int] {
        samples.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1 * epochs) }
    }

    /// The rows in random order of arrival.
    func arrivals(seed: UInt64) -> [UInt32] {
        var generator = SeededGenerator(seed: seed)
        return (0..<UInt32(starts[cellCount])).shuffled(using: &generator)
    }

    /// The row of an index, the same whatever the order.
    func row(_ index: UInt32, seed: UInt64) -> OutcomeRow {
        let cell = cell(of: Int(index))
        let inside = Int(index) - starts[cell]
        let sample = inside / Self.epochs
        var generator = SeededGenerator(seed: seed &* 1_000_003 &+ UInt64(index))
        let draw = generator.next()
        let kind: KindCode = draw % 100 < 92 ? .scored : KindCode.allCases[Int(draw >> 8) % KindCode.count]
        // Three suites in five are right or wrong, two are graded in quarters.
        let difficulty = Double((sample &* 2_654_435_761) & 0xFFFF) / 65_536
        let isRight = Double(generator.next() >> 40) / Double(1 << 24) < 0.2 + 0.7 * difficulty
        let quarters = Int64(generator.next() % 5) * Billionths.one / 4
        let score: Int64 = (cell / 20) % 5 < 3 ? (isRight ? Billionths.one : 0) : quarters
        let spread = Double(generator.next() >> 40) / Double(1 << 24) + Double(generator.next() >> 40) / Double(1 << 24)
        return OutcomeRow(
            cell: Int32(cell),
            sample: name == .sparse ? sparseID(suite: cell / 20, sample: sample) : Int32(sample),
            epoch: Int32(inside % Self.epochs),
            kind: kind,
            score: kind == .scored ? score : nil,
            tokensIn: 200 + Int64(generator.next() % 2_000),
            tokensOut: 20 + Int64(generator.next() % 800),
            tokensCached: Int64(generator.next() % 200),
            tokensReasoning: Int64(generator.next() % 400),
            cost: Int64(generator.next() % 40_000_000),
            // Heavy on the right, as latencies are: the exponential of a triangular number, 0.2 to 30 seconds.
            latency: Int64(200_000 * exp(spread * 2.5) * (1 + 0.3 * Double(cell % 7)))
        )
    }

    private func cell(of index: Int) -> Int {
        var low = 0
        var high = cellCount
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= index { low = middle } else { high = middle }
        }
        return low
    }

    private func sparseID(suite: Int, sample: Int) -> Int32 {
        var generator = SeededGenerator(seed: UInt64(suite) << 32 | UInt64(sample))
        return Int32(generator.next() >> 33)
    }
}
