// Rounds of a series in one reduction: what each found of each cell, and what changed from each to the next. Each round
// is read once. No number is computed here.

import ParleyDispatch
public import ParleyModel
import ParleyReduction

/// Collects the outcomes of several rounds, in the order of the series.
public struct SeriesReducer: Sendable {
    private let rounds: [RoundDefinition]
    private var parts: [[OutcomeColumns]]
    private var steps: [RoundComparer]

    public init(_ rounds: [RoundComparer.Round]) {
        self.rounds = rounds.map(\.definition)
        parts = rounds.map { _ in [] }
        steps = zip(rounds, rounds.dropFirst()).map { RoundComparer(earlier: $0, later: $1) }
    }

    /// Takes a page of one of the rounds, by its place. Throws where a row does not fit a column.
    public mutating func add(_ page: ScorePage, of round: Int) throws {
        parts[round] += page.parts
        if round > 0 { try steps[round - 1].add(page, of: .later) }
        if round < steps.count { try steps[round].add(page, of: .earlier) }
    }

    /// What the series shows.
    /// - Parameter relevantDifference: the smallest difference that matters, in the scores' unit
    public func document(relevantDifference: Double) throws -> SeriesFindings {
        let reduced = try zip(rounds, parts).map { definition, parts in
            try reduceCells(
                columns: parts,
                cells: definition.cells.map { CellSpec($0, in: definition) },
                threads: availableProcessors()
            )
        }
        var order: [Cell] = []
        var points: [Cell: [SeriesFindings.Point]] = [:]
        for (definition, findings) in zip(rounds, reduced) {
            for (cell, finding) in zip(definition.cells, findings) {
                if points[cell] == nil { order.append(cell) }
                points[cell, default: []].append(
                    SeriesFindings.Point(
                        round: definition.name,
                        planned: Int(finding.planned),
                        finished: Int(finding.finished.total),
                        observations: Int(finding.score.observations),
                        samples: Int(finding.score.clusters),
                        mean: finding.score.mean,
                        standardError: finding.score.standardError,
                        interval: finding.score.interval.map(Interval.init)
                    )
                )
            }
        }
        return SeriesFindings(
            rounds: try rounds.map {
                RoundComparisonDocument.Round(
                    round: $0.name,
                    definitionHash: ContentHash(of: try $0.json()),
                    simulated: $0.isSimulated
                )
            },
            relevantDifference: relevantDifference,
            cells: order.map { cell in
                SeriesFindings.Course(
                    suite: cell.suite,
                    configuration: cell.configuration,
                    points: points[cell] ?? []
                )
            },
            steps: try steps.map { try $0.document(relevantDifference: relevantDifference) }
        )
    }
}
