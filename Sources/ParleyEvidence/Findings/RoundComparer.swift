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

        public init(definition: RoundDefinition, samples: [[ContentHash]]) {
            self.definition = definition
            self.samples = samples
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

    /// Takes one observation, in any order; of a cell that the other round has not, it takes nothing. Throws where it
    /// does not fit a column.
    public mutating func add(_ input: FindingsInput, of side: Side) throws {
        guard let cell = cellNumbers[side.rawValue][input.cell] else { return }
        var input = input
        let samples = sampleNumbers[side.rawValue][input.cell]
        guard samples.indices.contains(input.sample) else { return }
        input.cell = cell
        input.sample = samples[input.sample]
        try columns.append(OutcomeRow(input))
    }

    /// Takes the outcomes of a segment.
    public mutating func add(_ segment: OutcomeSegment, of side: Side) throws {
        guard let cell = cellNumbers[side.rawValue][segment.cell] else { return }
        let samples = sampleNumbers[side.rawValue][segment.cell]
        for place in 0..<segment.columns.count {
            guard var row = segment.columns[place], samples.indices.contains(Int(row.sample)) else { continue }
            row.cell = Int32(cell)
            row.sample = Int32(samples[Int(row.sample)])
            try columns.append(row)
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
        let changes = try zip(shared, reduction.comparisons).map { entry, comparison in
            try change(entry.cell, comparison, relevantDifference: relevantDifference)
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
            definitionHash: ContentHash(of: try definition.json()),
            simulated: definition.isSimulated
        )
    }

    private func alone(_ side: Side) -> [String] {
        zip(rounds[side.rawValue].definition.cells, cellNumbers[side.rawValue]).compactMap { cell, number in
            number == nil ? "\(cell.suite.text): \(cell.configuration.text)" : nil
        }
    }

    private func change(
        _ cell: Cell,
        _ comparison: PairedComparison,
        relevantDifference: Double
    ) throws -> RoundComparisonDocument.Change {
        let settings = try Settings.changed(cell, rounds[1].definition, rounds[0].definition)
        let verdict = RoundVerdict(comparison, relevantDifference: relevantDifference, settings: settings)
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
            changedSettings: settings.map(\.text)
        )
    }
}

/// What may be said of a cell's change. Higher scores are taken for better ones.
private struct RoundVerdict {
    let text: String
    let rule: String

    init(_ comparison: PairedComparison, relevantDifference: Double, settings: [Settings]) {
        if settings.contains(where: \.changesMeasure) {
            text = "not comparable"
            rule = "what is measured changed between the rounds"
            return
        }
        switch comparison.verdict {
        case .higher, .lower:
            text = comparison.verdict == .higher ? "improved" : "regressed"
            rule = "Holm-adjusted p is at most 0.05"
        case .noDifferenceShown, .insufficientEvidence:
            let bounds = -relevantDifference...relevantDifference
            if let interval = comparison.interval, bounds.contains(interval.lower), bounds.contains(interval.upper) {
                text = "unchanged"
                rule = "Holm-adjusted p is above 0.05, and the 95 % interval lies within ±\(relevantDifference)"
            } else if comparison.firstOnly == 0, comparison.secondOnly == 0,
                Self.greatestChange(comparison) <= relevantDifference
            {
                text = "unchanged"
                rule = "no sample changed, so that at 95 % fewer than \(relevantDifference) of all do"
            } else {
                text = "insufficient evidence"
                rule = "Holm-adjusted p is above 0.05 or none, and a change of \(relevantDifference) is not ruled out"
            }
        }
    }

    /// Where no sample changed between right and wrong: the share of samples that may, which bounds the difference.
    private static func greatestChange(_ comparison: PairedComparison) -> Double {
        oneSidedInterval(successes: 0, observations: comparison.sharedSamples, level: 0.95).upper
    }
}

/// A part of a cell's definition that differs between two rounds.
private struct Settings {
    let text: String
    /// Whether the scores of the two rounds no longer mean the same.
    let changesMeasure: Bool

    private static let measures: Set<String> = ["solver", "scorer", "kinds", "epoch_reducer"]

    static func changed(
        _ cell: Cell,
        _ earlier: RoundDefinition,
        _ later: RoundDefinition
    ) throws -> [Settings] {
        func parts(_ definition: RoundDefinition) throws -> [(String, JSONValue)] {
            let configuration = definition.configuration(cell.configuration)
            let model = configuration.flatMap { configuration in
                definition.models.first { $0.name == configuration.model }
            }
            return [
                ("suite", try definition.suite(cell.suite).map { try JSONValue(encoding: $0) } ?? .null),
                ("configuration", try configuration.map { try JSONValue(encoding: $0) } ?? .null),
                ("model", try model.map { try JSONValue(encoding: $0.modelID) } ?? .null),
            ]
        }
        return try zip(parts(earlier), parts(later)).flatMap { old, new -> [Settings] in
            guard case .object(let before) = old.1, case .object(let after) = new.1 else {
                return old.1 == new.1 ? [] : [Settings(text: "\(old.0): id", changesMeasure: false)]
            }
            let keys = Set(before.keys).union(after.keys).subtracting(["title", "dataset", "flags"]).sorted()
            return keys.filter { before[$0] != after[$0] }.map {
                Settings(text: "\(old.0): \($0)", changesMeasure: old.0 == "suite" && measures.contains($0))
            }
        }
    }
}
