// In which order a round really ran, beside the order that was planned: what `parley order --json` prints and a package
// holds (schemas/json/order.schema.json). Per suite how far its cells ran apart, per cell its window, what began out of
// its turn, and whether its scores moved over the window. What limits and lost workers did to the order is stated here;
// it is no fault.

import Foundation
public import ParleyModel
import ParleyReduction

/// The executed order of a round.
public struct OrderDocument: Hashable, Sendable, Codable {
    public static let currentFormat = "parley.order/1"
    /// The level of the tests, over all cells of the round together (Holm).
    public static let level = 0.05

    /// One cell. Times are ISO 8601, UTC.
    public struct CellOrder: Hashable, Sendable, Codable {
        public var suite: SuiteName
        public var configuration: ConfigurationName
        public var started: Int
        /// Outcomes that began after one that was planned later.
        public var outOfTurn: Int
        public var firstStart: String?
        public var lastStart: String?
        /// The change of the score over the window, by a line through the scores in the order of their starts.
        public var drift: Double?
        public var pValue: Double?
        public var adjustedPValue: Double?
        /// Whether the adjusted p value is below the level; nil where there was nothing to test.
        public var drifted: Bool?
    }

    /// The cells of one suite together.
    public struct SuiteOrder: Hashable, Sendable, Codable {
        public var suite: SuiteName
        /// The largest gap between two cells' fractions of begun outcomes; nil with one cell.
        public var largestImbalance: Double?
        public var at: String?
        /// The share of a cell by which, where limits allow, no cell runs ahead of another.
        public var block: Double
        /// Whether the cells ran within one block; nil with one cell.
        public var withinBlock: Bool?
    }

    /// What a planned order follows from.
    public enum Source: String, Hashable, Sendable, Codable, CaseIterable {
        case dataset
        case definition
        case sealedSeed = "sealed_seed"
    }

    public var format: String
    public var round: RoundName
    public var planned: Source
    public var suites: [SuiteOrder]
    public var cells: [CellOrder]

    /// One outcome in time, by the numbers of the definition.
    public struct Start: Hashable, Sendable {
        public let cell: Int
        public let sample: Int
        public let epoch: Int
        public let atMicros: Int64
        /// nil where it has none.
        public let score: Score?

        public init(cell: Int, sample: Int, epoch: Int, atMicros: Int64, score: Score?) {
            self.cell = cell
            self.sample = sample
            self.epoch = epoch
            self.atMicros = atMicros
            self.score = score
        }
    }

    /// - Parameters:
    ///   - starts: all outcomes, in any order
    ///   - shown: the cells that it is about; nil for all
    public init(_ definition: RoundDefinition, _ starts: [Start], cells shown: [Int]? = nil) {
        let shown = shown ?? Array(definition.cells.indices)
        format = Self.currentFormat
        round = definition.name
        planned = definition.order.map { $0.seed == nil ? .definition : .sealedSeed } ?? .dataset
        let byCell = Dictionary(grouping: starts, by: \.cell)
        let times = definition.cells.indices.map { byCell[$0, default: []].map(\.atMicros).sorted() }
        suites = definition.suites.map { suite in
            let own = shown.filter { definition.cells[$0].suite == suite.name }
            // A definition in a package is hostile input: its numbers may be of any size.
            let planned = max(1, suite.dataset.count.multipliedReportingOverflow(by: suite.epochs).partialValue)
            let imbalance = startImbalance(own.map { times[$0] }, planned: own.map { _ in planned })
            let block = Double(SampleOrder.block(samples: suite.dataset.count)) / Double(planned)
            return SuiteOrder(
                suite: suite.name,
                largestImbalance: imbalance?.gap,
                at: imbalance.map { Self.text($0.atMicros) },
                block: min(1, block),
                withinBlock: imbalance.map { $0.gap <= block + 1e-12 }
            )
        }
        let tests = shown.map { cell in
            driftTest(
                byCell[cell, default: []].compactMap { start in
                    start.score.map {
                        TimedScore(startedAtMicros: start.atMicros, sample: start.sample, score: $0.value)
                    }
                }
            )
        }
        let adjusted = holmAdjusted(tests.compactMap { $0?.pValue })
        var next = adjusted.makeIterator()
        cells = zip(shown, tests).map { cell, test in
            let holm = test == nil ? nil : next.next()
            return CellOrder(
                suite: definition.cells[cell].suite,
                configuration: definition.cells[cell].configuration,
                started: times[cell].count,
                outOfTurn: Self.outOfTurn(byCell[cell, default: []]),
                firstStart: times[cell].first.map(Self.text),
                lastStart: times[cell].last.map(Self.text),
                drift: test?.change,
                pValue: test?.pValue,
                adjustedPValue: holm,
                drifted: holm.map { $0 < Self.level }
            )
        }
    }

    /// How many of a cell's outcomes began after one that was planned later. Its samples are numbered in their planned
    /// order, and each epoch comes after the one before.
    private static func outOfTurn(_ starts: [Start]) -> Int {
        var earliest = Int64.max
        var count = 0
        for start in starts.sorted(by: { ($0.epoch, $0.sample) > ($1.epoch, $1.sample) }) {
            if start.atMicros > earliest { count += 1 }
            earliest = min(earliest, start.atMicros)
        }
        return count
    }

    /// The file form.
    var bytes: [UInt8] { get throws { Array((try JSONValue(encoding: self).pretty + "\n").utf8) } }

    /// To the millisecond.
    public static func text(_ micros: Int64) -> String {
        Date(timeIntervalSince1970: Double(micros / 1000) / 1000).formatted(
            Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        )
    }
}
