// What may be said of a model's findings, one by one. The rules are few and stand in one place: an interval wholly on
// the asked side is shown, one that holds the threshold is not; a flag against comparing goes before both; what a reader
// may not see is withheld; and what was planned and has no outcome is not evaluated.

public import ParleyModel

extension FindingsDocument {
    /// The answers of some models' cells, in the order of the definition.
    /// - Parameters:
    ///   - cells: all cells of the round, those that this document does not hold among them
    ///   - models: the models that are asked about
    public func answers(cells: [Cell], models: Set<ModelName>, thresholds: [Threshold] = []) -> [FindingAnswer] {
        let names = Dictionary(configurations.map { ($0.name, $0.model) }, uniquingKeysWith: { first, _ in first })
        let owners = Dictionary(self.models.map { ($0.name, $0.party) }, uniquingKeysWith: { first, _ in first })
        let records = Dictionary(
            self.cells.map { (Cell(suite: $0.suite, configuration: $0.configuration), $0) },
            uniquingKeysWith: { first, _ in first }
        )
        return cells.compactMap { cell in
            guard let model = names[cell.configuration], models.contains(model),
                let suite = suites.first(where: { $0.name == cell.suite })
            else { return nil }
            let threshold = thresholds.first { $0.suite == cell.suite }
            let record = records[cell]
            let corrected = record.map(corrections) ?? []
            let (status, because) = Self.status(record, corrected, threshold)
            return FindingAnswer(
                id: "cell/\(cell.suite)/\(cell.configuration)",
                suite: cell.suite,
                configuration: cell.configuration,
                areas: suite.areas,
                claim: suite.claim,
                evaluator: suite.party,
                crossParty: owners[model] != suite.party,
                status: status,
                because: because,
                measure: record?.measure,
                estimate: record?.estimate,
                interval: record?.interval,
                corrected: corrected,
                counted: record?.counted ?? 0,
                clusters: record?.clusters ?? 0,
                threshold: threshold,
                flags: record?.flags ?? []
            )
        }
    }

    /// What stands in place of a graded cell's raw estimate: only where it speaks of the same outcomes.
    private func corrections(of cell: CellRecord) -> [JudgeErrorRecord.Correction] {
        let isReduced = suites.contains { $0.name == cell.suite && $0.epochReducer != nil }
        guard !isReduced, cell.estimate != nil, cell.counted == cell.kinds[.scored, default: 0] else { return [] }
        return judges.errors.filter { $0.suite == cell.suite && $0.configuration == cell.configuration }
            .compactMap(\.corrected).filter { $0.interval != nil }
    }

    private static func status(
        _ record: CellRecord?,
        _ corrected: [JudgeErrorRecord.Correction],
        _ threshold: Threshold?
    ) -> (EvidenceStatus, String) {
        guard let record else { return (.withheld, "its outcomes are committed to and not opened to this reader") }
        if record.neverRun == record.planned { return (.notEvaluated, "it was planned and never ran") }
        if let flags = record.comparability, !flags.isEmpty {
            return (.notComparable, "flagged: \(flags.map(\.text).joined(separator: ", "))")
        }
        guard record.estimate != nil else { return (.notShown, "no outcome could be counted") }
        guard let interval = record.interval else { return (.notShown, "there are too few samples for an interval") }
        guard let threshold else { return (.shown, "an estimate with its interval, held against no threshold") }
        let intervals = corrected.isEmpty ? [interval] : corrected.compactMap(\.interval)
        let what = corrected.isEmpty ? "the interval" : "the interval without the judges' errors"
        if intervals.allSatisfy(threshold.holds) { return (.shown, "\(what) is wholly \(threshold.text)") }
        let holds = intervals.contains { ($0.lower...max($0.lower, $0.upper)).contains(threshold.value) }
        return (
            .notShown,
            holds
                ? "\(what) holds the threshold, \(threshold.text)"
                : "\(what) lies wholly on the other side of the threshold, \(threshold.text)"
        )
    }
}
