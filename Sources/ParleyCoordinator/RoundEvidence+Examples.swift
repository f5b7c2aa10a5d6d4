// What was said in the outcomes that a buyer's package shows: read one by one, since they are few.

public import ParleyEvidence
import ParleyModel
public import ParleyQueue

extension CoordinatorQueue {
    /// Adds the dialogues of the drawn outcomes of the suites that are to be shown. Throws where `seals` does not open
    /// those of a held-out suite.
    public func addDialogues(
        to builder: inout PackageBuilder,
        round: RoundRecord,
        seals: RoundSeals
    ) async throws {
        let wanted = builder.drawnToShow
        guard !wanted.isEmpty else { return }
        var jobs: [(PackagedOutcome.Position, JobID)] = []
        try await observations(round: round.id) { page in
            for observation in page {
                let position = PackagedOutcome.Position(
                    cell: observation.cell,
                    sample: observation.sample,
                    epoch: observation.epoch
                )
                if wanted.contains(position) { jobs.append((position, observation.job)) }
            }
        }
        for (position, job) in jobs {
            guard let sealed = try await transcript(job: job) else { continue }
            let transcript = try seals.transcripts(cell: position.cell).transcript(sealed, at: .transcript(job))
            // Raw reasoning is nobody's to publish here.
            var lines = transcript.messages.map { DrawnExample.Line(speaker: $0.role.rawValue, text: $0.content) }
            lines.append(DrawnExample.Line(speaker: "scored answer", text: transcript.answer))
            builder.dialogues[position] = lines
        }
    }
}
