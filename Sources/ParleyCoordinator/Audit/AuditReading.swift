// What a person reads of a drawn answer: the question and the answer, the answer blinded as for judges. Neither the
// configuration nor any judge's grade is among it.

public import ParleyEvidence
public import ParleyModel
public import ParleyQueue

/// A drawn answer as it is read. Hostile text: it goes to a terminal or a file only through ParleyReport.
public struct AuditReading: Hashable, Sendable {
    public let item: AuditItem
    public let sample: Sample
    /// As the model gave it; to be blinded before it is shown.
    public let answer: String
}

extension CoordinatorQueue {
    /// Reads what was drawn.
    /// - Throws: `ParleyFailure` where the answer's transcript is not kept, and where it is sealed for others
    public func reading(
        _ item: AuditItem,
        of selection: AuditSelection,
        round: RoundID,
        seals: RoundSeals
    ) async throws -> AuditReading {
        let name = selection.definition.cells[item.cell].suite
        let suite = selection.definition.suites.firstIndex { $0.name == name } ?? 0
        guard let sealed = try await transcript(job: item.job),
            let stored = try await samples(round: round, suite: suite, numbers: item.sample..<item.sample + 1)[
                item.sample
            ]
        else {
            throw ParleyFailure(.failure, "The answer of ticket \(item.ticket) is not kept.")
        }
        return AuditReading(
            item: item,
            sample: try seals.samples(suite: suite).sample(stored.content, at: .sample(item.sample)),
            answer: try seals.transcripts(cell: item.cell).transcript(sealed, at: .transcript(item.job)).answer
        )
    }
}
