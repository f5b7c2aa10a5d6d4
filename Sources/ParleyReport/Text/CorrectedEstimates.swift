// Which cells have an estimate that labels of people have corrected, and whether it is to be read in place of the raw
// one. Invariant: a correction stands for a cell's estimate only where both speak of the same outcomes.

internal import ParleyModel

/// The corrected estimates of a document's cells.
struct CorrectedEstimates {
    private let records: [Cell: [JudgeErrorRecord]]
    private let judges: [SuiteName: Set<ConfigurationName>]
    /// Suites whose epochs are reduced, so that their estimates are of something else than single transcripts.
    private let reduced: Set<SuiteName>

    init(_ findings: FindingsDocument) {
        self.init(
            findings.judges,
            reduced: Set(findings.suites.filter { $0.epochReducer != nil }.map(\.name))
        )
    }

    init(_ reduction: ReductionDocument) {
        self.init(
            reduction.judges,
            reduced: reduction.epochReducer == nil ? [] : Set(reduction.cells.map(\.suite))
        )
    }

    private init(_ judges: JudgeRecords, reduced: Set<SuiteName>) {
        let withInterval = judges.errors.filter { $0.corrected?.interval != nil }
        records = Dictionary(grouping: withInterval) { Cell(suite: $0.suite, configuration: $0.configuration) }
        self.judges = withInterval.reduce(into: [:]) { $0[$1.suite, default: []].insert($1.judge) }
        self.reduced = reduced
    }

    /// What is to be read in place of the cell's estimate, of each judge that labels corrected; nil where the estimate
    /// itself is.
    func estimate(of cell: CellRecord) -> String? {
        guard speaksOfTheSame(cell) else { return nil }
        let texts = corrections(of: cell).compactMap { record in
            record.corrected.map { corrected in
                let text = JudgeText.corrected(corrected, Measure(of: cell))
                return judges[cell.suite, default: []].count > 1 ? "\(record.judge.text) \(text)" : text
            }
        }
        return texts.isEmpty ? nil : texts.joined(separator: " / ")
    }

    /// How some cells of one suite are to be read; empty where no label corrects any.
    func notes(_ cells: [CellRecord]) -> [String] {
        let isRead = cells.contains { estimate(of: $0) != nil }
        let others = cells.filter { !corrections(of: $0).isEmpty && !speaksOfTheSame($0) }.map { cell in
            "\(cell.configuration.text): judges are corrected below, over the transcripts that they scored; the "
                + "estimate above is raw, and counts other outcomes or reduces epochs"
        }
        return (isRead ? [JudgeText.read] : []) + others
    }

    private func corrections(of cell: CellRecord) -> [JudgeErrorRecord] {
        records[Cell(suite: cell.suite, configuration: cell.configuration), default: []]
    }

    private func speaksOfTheSame(_ cell: CellRecord) -> Bool {
        cell.estimate != nil && !reduced.contains(cell.suite) && cell.counted == cell.kinds[.scored, default: 0]
    }
}
