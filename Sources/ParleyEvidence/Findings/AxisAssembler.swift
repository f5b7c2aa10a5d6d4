// From the grades of suites whose rubric has axes to a finding for each cell and axis, by the same reduction and the same
// treatment of kinds as the cell's own. No number is computed here.

import ParleyDispatch
import ParleyModel
import ParleyReduction

/// Collects grades by axis and makes their findings.
struct AxisAssembler: Sendable {
    private struct Place: Hashable {
        var cell: Int
        var axis: Int
        var sample: Int
        var epoch: Int
    }

    private let definition: RoundDefinition
    private let cells: [Cell: Int]
    /// What the judges said of each transcript on each axis; nil where one gave no verdict.
    private var said: [Place: [Score?]] = [:]

    init(definition: RoundDefinition) {
        self.definition = definition
        cells = Dictionary(definition.cells.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Takes a grade, in any order. Epochs count from 1.
    mutating func add(axis: Int, cell: Cell, sample: Int, epoch: Int, score: Score?) {
        guard let number = cells[cell] else { return }
        said[Place(cell: number, axis: axis, sample: sample, epoch: epoch), default: []].append(score)
    }

    /// A record for each cell and axis, in the order of the definition; nil where no suite has axes.
    func records() throws -> [CellRecord]? {
        let axes = definition.cells.enumerated().flatMap { number, cell in
            (definition.suite(cell.suite)?.scorer.grader?.axes ?? []).indices.map { (cell: number, axis: $0) }
        }
        guard !axes.isEmpty else { return nil }
        var rows: [Int: [Int: Int32]] = [:]
        for (row, place) in axes.enumerated() { rows[place.cell, default: [:]][place.axis] = Int32(row) }
        var columns = OutcomeColumns()
        for (place, scores) in said {
            guard let row = rows[place.cell]?[place.axis], let grader = grader(place.cell) else { continue }
            let judges = grader.judges.count / max(1, grader.axes?.count ?? 1)
            let score = grader.combinedScore(scores.compactMap { $0 }, of: judges)
            try columns.append(
                OutcomeRow(
                    FindingsInput(
                        cell: Int(row),
                        sample: place.sample,
                        epoch: place.epoch - 1,
                        kind: score == nil ? .unscorable : .scored,
                        score: score,
                        usage: Usage(),
                        cost: .zero,
                        latencyMicros: 0
                    )
                )
            )
        }
        let reduction = try reduceRound(
            columns: [columns],
            cells: axes.map { CellSpec(definition.cells[$0.cell], in: definition) },
            pairs: [],
            bootstrap: nil,
            permutations: nil,
            threads: availableProcessors()
        )
        return zip(axes, reduction.findings).map { place, finding in
            var record = CellRecord(definition.cells[place.cell], finding, flags: [])
            if let axis = grader(place.cell)?.axes?[place.axis] { record.suite = record.suite.axis(axis) }
            // What judging took is part of the cell's own record.
            record.latency = nil
            return record
        }
    }

    private func grader(_ cell: Int) -> Grader? { definition.suite(definition.cells[cell].suite)?.scorer.grader }
}
