// EpochReduction.swift: the reduced scores of all samples of those cells that have an epoch reducer.
// Holistic: it reads the rows once more, counted and scattered by slot, so that no order of arrival can show.

/// One score a sample, where a cell's specification asks for it.
struct EpochReduction: Sendable {
    /// By slot, in billionths · 2⁻²⁴; `nil` where the sample has no score. Empty slots of cells without a reducer.
    private let scores: [Int128?]
    private let isReduced: [Bool]

    /// - Parameters:
    ///   - samples: the aggregate of the reducer's cells.
    ///   - state: its state over all rows of `columns`.
    init(cells: [CellSpec], samples: SampleSums, state: SampleSums.State, columns: [OutcomeColumns]) {
        let layout = samples.layout
        isReduced = cells.map(\.isReduced)
        guard isReduced.contains(true) else {
            scores = []
            return
        }
        var starts = [Int](repeating: 0, count: layout.slotCount + 1)
        for cell in cells.indices {
            for slot in layout.slots(of: cell) {
                starts[slot + 1] = starts[slot] + (isReduced[cell] ? Int(state.count(slot)) : 0)
            }
        }
        var next = starts
        var observed = [(epoch: Int32, score: Int64)](repeating: (0, 0), count: starts[layout.slotCount])
        let table = ScoringTable<Int128>(cells: cells)
        for part in columns {
            for row in 0..<part.count where isReduced[Int(part.cell[row])] {
                let cell = Int(part.cell[row])
                let score = table.score(cell: cell, mark: part.mark[row], score: part.score[row])
                guard let score else { continue }
                let slot = layout.slot(cell: cell, sample: part.sample[row])
                observed[next[slot]] = (Int32(part.epoch[row]), score)
                next[slot] += 1
            }
        }
        var scores = [Int128?](repeating: nil, count: layout.slotCount)
        for cell in cells.indices where isReduced[cell] {
            for slot in layout.slots(of: cell) where starts[slot] < starts[slot + 1] {
                let own = observed[starts[slot]..<starts[slot + 1]].sorted {
                    ($0.epoch, $0.score) < ($1.epoch, $1.score)
                }
                scores[slot] = cells[cell].epochReducer.reduce(own.map(\.score))
            }
        }
        self.scores = scores
    }

    /// Whether the samples of a cell have reduced scores.
    func isReduced(_ cell: Int) -> Bool { isReduced[cell] }

    /// The reduced score of a slot of a reduced cell, in billionths · 2⁻²⁴.
    func score(_ slot: Int) -> Int128? { scores[slot] }
}
