// Two rounds in one reduction: the cells that both have, paired on anchor samples, which are those of the same content.
// No number is computed here but the places of samples.

import ParleyDispatch
public import ParleyModel
import ParleyReduction

/// Collects the observations of two rounds and says what changed.
public struct RoundComparer: Sendable {
    /// A round as the comparer takes it.
    public struct Round: Sendable {
        public var definition: RoundDefinition
        /// The content hash of every sample, by suite and in the frozen order.
        public var samples: [[ContentHash]]
        /// Held-out suites that could not be opened: their samples are named by commitments, which pair with nothing.
        public var sealed: Set<SuiteName>

        public init(definition: RoundDefinition, samples: [[ContentHash]], sealed: Set<SuiteName> = []) {
            self.definition = definition
            self.samples = samples
            self.sealed = sealed
        }
    }

    /// One of the two rounds.
    public enum Side: Int, Sendable, CaseIterable { case later, earlier }

    private struct Anchor: Hashable {
        var content: ContentHash
        /// Of samples with the same content in one suite, which one.
        var occurrence: Int
    }

    private let rounds: [Round]
    /// The cells that both have, in the later round's order, with their numbers there.
    private let shared: [(cell: Cell, numbers: [Int])]
    /// By side and the round's cell number, the number in the reduction; nil where the other round has no such cell.
    private let cellNumbers: [[Int?]]
    /// By side and the round's cell number, the numbers of its samples in the reduction.
    private let sampleNumbers: [[[Int]]]
    private var columns = OutcomeColumns()

    public init(earlier: Round, later: Round) {
        let rounds = [later, earlier]
        let numbers = rounds.map { round in
            Dictionary(
                round.definition.cells.enumerated().map { ($1, $0) },
                uniquingKeysWith: { first, _ in first }
            )
        }
        let shared = later.definition.cells.compactMap { cell -> (cell: Cell, numbers: [Int])? in
            guard let own = numbers[0][cell], let other = numbers[1][cell] else { return nil }
            return (cell, [own, other])
        }
        self.rounds = rounds
        self.shared = shared
        cellNumbers = rounds.indices.map { side in
            var places = [Int?](repeating: nil, count: rounds[side].definition.cells.count)
            for (place, entry) in shared.enumerated() { places[entry.numbers[side]] = 2 * place + side }
            return places
        }
        var anchors: [SuiteName: [Anchor: Int]] = [:]
        let bySuite = rounds.map { round in
            Dictionary(
                zip(round.definition.suites, round.samples).map { suite, samples in
                    var seen: [ContentHash: Int] = [:]
                    let numbers = samples.map { content in
                        let anchor = Anchor(content: content, occurrence: seen[content, default: 0])
                        seen[content, default: 0] += 1
                        let number = anchors[suite.name]?[anchor] ?? anchors[suite.name]?.count ?? 0
                        anchors[suite.name, default: [:]][anchor] = number
                        return number
                    }
                    return (suite.name, numbers)
                },
                uniquingKeysWith: { first, _ in first }
            )
        }
        sampleNumbers = rounds.indices.map { side in
            rounds[side].definition.cells.map { bySuite[side][$0.suite] ?? [] }
        }
    }

    /// Takes a page of a round, in any order; of a cell that the other round has not, it takes nothing. Throws where a
    /// row does not fit a column.
    public mutating func add(_ page: ScorePage, of side: Side) throws {
        for part in page.parts {
            for place in 0..<part.count {
                guard var row = part[place], let cell = cellNumbers[side.rawValue][Int(row.cell)] else { continue }
                let samples = sampleNumbers[side.rawValue][Int(row.cell)]
                guard samples.indices.contains(Int(row.sample)) else { continue }
                row.cell = Int32(cell)
                row.sample = Int32(samples[Int(row.sample)])
                try columns.append(row)
            }
        }
    }

    /// What changed.
    /// - Parameter relevantDifference: the smallest difference that matters, in the scores' unit
    public func document(relevantDifference: Double) throws -> RoundComparisonDocument {
        let sides = Side.allCases
        let specs = shared.flatMap { entry in
            sides.map { CellSpec(entry.cell, in: rounds[$0.rawValue].definition) }
        }
        let reduction = try reduceRound(
            columns: [columns],
            cells: specs,
            pairs: shared.indices.map { CellPair(first: 2 * $0, second: 2 * $0 + 1) },
            rule: ComparisonRule(relevantDifference: relevantDifference),
            threads: availableProcessors()
        )
        let settings = try shared.map { try ChangedSetting.all($0.cell, rounds[1].definition, rounds[0].definition) }
        let canaries = DriftCanaries(
            zip(shared, zip(settings, reduction.comparisons)).filter { isReference($0.0.cell, changed: $0.1.0) }
                .map { ($0.cell.suite, $1.1) },
            relevantDifference: relevantDifference
        )
        let changes = zip(shared, zip(settings, reduction.comparisons)).map { entry, found in
            change(entry.cell, found.1, found.0, canaries[entry.cell.suite], relevantDifference: relevantDifference)
        }
        return RoundComparisonDocument(
            earlier: try reference(.earlier),
            later: try reference(.later),
            relevantDifference: relevantDifference,
            changes: changes,
            onlyInEarlier: alone(.earlier),
            onlyInLater: alone(.later)
        )
    }

    private func reference(_ side: Side) throws -> RoundComparisonDocument.Round {
        let definition = rounds[side.rawValue].definition
        return RoundComparisonDocument.Round(
            round: definition.name,
            definitionHash: try definition.hash,
            simulated: definition.isSimulated
        )
    }

    private func alone(_ side: Side) -> [String] {
        zip(rounds[side.rawValue].definition.cells, cellNumbers[side.rawValue]).compactMap { cell, number in
            number == nil ? "\(cell.suite.text): \(cell.configuration.text)" : nil
        }
    }

    /// Whether a cell tells a change of the harness: its model is known not to change, and nothing about it did.
    private func isReference(_ cell: Cell, changed settings: [ChangedSetting]) -> Bool {
        rounds.allSatisfy { $0.definition.configuration(cell.configuration)?.reference == true } && settings.isEmpty
    }

    private func change(
        _ cell: Cell,
        _ comparison: PairedComparison,
        _ settings: [ChangedSetting],
        _ harness: HarnessVerdict,
        relevantDifference: Double
    ) -> RoundComparisonDocument.Change {
        let verdict = RoundVerdict(
            comparison,
            relevantDifference: relevantDifference,
            settings: settings,
            harness: harness,
            isSealed: rounds.contains { $0.sealed.contains(cell.suite) }
        )
        var flags: [String] = []
        for flag in rounds.flatMap({ $0.definition.flags(of: cell) }) where !flags.contains(flag) { flags.append(flag) }
        return RoundComparisonDocument.Change(
            suite: cell.suite,
            configuration: cell.configuration,
            anchorSamples: Int(comparison.sharedSamples),
            onlyInEarlier: Int(comparison.samplesOnlyInSecond),
            onlyInLater: Int(comparison.samplesOnlyInFirst),
            earlier: comparison.secondMean,
            later: comparison.firstMean,
            difference: comparison.difference,
            standardError: comparison.standardError,
            interval: comparison.interval.map(Interval.init),
            test: comparison.test?.rawValue,
            pValue: comparison.pValue,
            adjustedPValue: comparison.adjustedPValue,
            falseDiscoveryPValue: comparison.falseDiscoveryPValue,
            minimumDetectableEffect: comparison.minimumDetectableDifference,
            verdict: verdict.text,
            rule: verdict.rule,
            changedSettings: settings.map(\.text),
            status: verdict.status,
            harness: harness,
            flags: flags.isEmpty ? nil : flags
        )
    }
}
