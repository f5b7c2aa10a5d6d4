// In which order a round really ran, as a document: what `parley order --json` prints (schemas/json/order.schema.json).
// Per suite how far its cells ran apart, per cell its window and whether its scores moved over it.

import Foundation
public import ParleyModel
public import ParleyQueue
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
    }

    public var format: String
    public var round: RoundName
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

    /// - Parameter starts: all outcomes, in any order
    public init(_ definition: RoundDefinition, _ starts: [Start]) {
        format = Self.currentFormat
        round = definition.name
        let byCell = Dictionary(grouping: starts, by: \.cell)
        let times = definition.cells.indices.map { byCell[$0, default: []].map(\.atMicros).sorted() }
        suites = definition.suites.map { suite in
            let own = definition.cells.indices.filter { definition.cells[$0].suite == suite.name }
            let planned = max(1, suite.dataset.count * suite.epochs)
            let imbalance = startImbalance(own.map { times[$0] }, planned: own.map { _ in planned })
            return SuiteOrder(
                suite: suite.name,
                largestImbalance: imbalance?.gap,
                at: imbalance.map { Self.text($0.atMicros) }
            )
        }
        let tests = definition.cells.indices.map { cell in
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
        cells = definition.cells.indices.map { cell in
            let test = tests[cell]
            let holm = test == nil ? nil : next.next()
            return CellOrder(
                suite: definition.cells[cell].suite,
                configuration: definition.cells[cell].configuration,
                started: times[cell].count,
                firstStart: times[cell].first.map(Self.text),
                lastStart: times[cell].last.map(Self.text),
                drift: test?.change,
                pValue: test?.pValue,
                adjustedPValue: holm,
                drifted: holm.map { $0 < Self.level }
            )
        }
    }

    /// To the millisecond.
    public static func text(_ micros: Int64) -> String {
        Date(timeIntervalSince1970: Double(micros / 1000) / 1000).formatted(
            Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        )
    }
}

extension CoordinatorQueue {
    /// Every probe outcome of a round in the order in which it was first claimed.
    public func executedOrder(round: RoundID) async throws -> [OrderDocument.Start] {
        var all: [OrderDocument.Start] = []
        for stream in try await exportStreams(round: round) where stream.judge == nil {
            var first = stream.jobs.lowerBound
            while first < stream.jobs.upperBound {
                let page = first..<min(first + 1 << 14, stream.jobs.upperBound)
                let starts = try await starts(round: round, jobs: page)
                for observation in try await observations(round: round, jobs: page) {
                    guard let at = starts[observation.job] else { continue }
                    all.append(
                        OrderDocument.Start(
                            cell: observation.cell,
                            sample: observation.sample,
                            epoch: observation.epoch,
                            atMicros: at,
                            score: observation.score
                        )
                    )
                }
                first = page.upperBound
            }
        }
        return all.sorted { ($0.atMicros, $0.cell, $0.epoch, $0.sample) < ($1.atMicros, $1.cell, $1.epoch, $1.sample) }
    }
}
