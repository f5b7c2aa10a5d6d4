// From all that people said of answers to one label an answer. The last word of each author counts; where several
// labelled one answer, the score that more than half of them gave is the label, and without one there is none:
// disagreement is kept and counted, and corrects nothing.

public import ParleyModel
public import ParleyQueue

/// The labels of a round's audit.
public struct AuditLabels: Sendable {
    /// An answer, by the numbers of the definition.
    public struct Answer: Hashable, Sendable {
        public let cell: Int
        public let sample: Int
        public let epoch: Int
    }

    /// The last label of each author, by answer; what was withdrawn is not among them.
    public let current: [Answer: [StoredLabel]]

    /// - Parameter labels: all of a round, in any order
    public init(_ labels: [StoredLabel]) {
        let superseded = Set(labels.compactMap(\.supersedes))
        let last = labels.filter { !superseded.contains($0.id) && $0.verdict != .withdrawn }.sorted { $0.id < $1.id }
        current = Dictionary(grouping: last) { Answer(cell: $0.cell, sample: $0.sample, epoch: $0.epoch) }
    }

    /// The score that more than half of those who labelled an answer gave it; who could not tell is among them.
    public static func settled(_ labels: [StoredLabel]) -> Score? {
        let counts = Dictionary(grouping: labels.compactMap(\.verdict.score)) { $0 }.mapValues(\.count)
        return counts.first { $0.value * 2 > labels.count }?.key
    }

    /// Answers that people labelled and whose label is not settled.
    public var unsettled: Int { current.values.count { Self.settled($0) == nil } }

    /// The settled labels, in the order of cells, samples and epochs.
    public func records(_ definition: RoundDefinition) -> [LabelRecord] {
        current.compactMap { answer, labels -> LabelRecord? in
            guard let score = Self.settled(labels), definition.cells.indices.contains(answer.cell) else { return nil }
            let cell = definition.cells[answer.cell]
            return LabelRecord(
                suite: cell.suite,
                configuration: cell.configuration,
                sample: answer.sample,
                epoch: answer.epoch,
                score: score
            )
        }.sorted {
            ($0.suite.text, $0.configuration.text, $0.sample, $0.epoch)
                < ($1.suite.text, $1.configuration.text, $1.sample, $1.epoch)
        }
    }
}
