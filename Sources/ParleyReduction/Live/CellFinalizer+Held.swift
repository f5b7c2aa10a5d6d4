// CellFinalizer+Held.swift: the holistic part of one cell from the outcomes that hold, with no other cell's touched.

extension CellFinalizer {
    /// The finding of a cell without outcomes, and its holistic part.
    func nothing(of cell: Int) -> (finding: CellFinding, holistic: HolisticResults) {
        let (totals, samples) = (totals.initialize(), samples.initialize())
        let holistic = holistic(of: cell, samples, latency: nil, reduced: cells[cell].isReduced ? [] : nil)
        return (finding(of: cell, self.totals.totals(totals, of: cell), samples, holistic: holistic), holistic)
    }

    /// The holistic part of a cell.
    ///
    /// - Parameter samples: the state that `held` comes to.
    func holistic(of cell: Int, held: HeldOutcomes, _ samples: SampleSums.State) -> HolisticResults {
        var latencies: [Int64] = []
        held.forEach(of: cell) { _, outcome in
            if !OutcomeMark.isKind(.failed, outcome.mark) { latencies.append(outcome.latency) }
        }
        return holistic(
            of: cell,
            samples,
            latency: LatencyQuantiles(of: latencies),
            reduced: cells[cell].isReduced ? reducedScores(of: cell, held: held) : nil
        )
    }

    /// The reduced score of every sample that has observations, ascending by id.
    private func reducedScores(of cell: Int, held: HeldOutcomes) -> [Int128?] {
        let table = ScoringTable<Int128>(cells: [cells[cell]])
        var scores: [[Int64]] = []
        var last = -1
        held.forEach(of: cell) { sample, outcome in
            guard let score = table.score(cell: 0, mark: outcome.mark, score: outcome.score) else { return }
            if sample != last { scores.append([]) }
            scores[scores.count - 1].append(score)
            last = sample
        }
        return scores.map(cells[cell].epochReducer.reduce)
    }
}
