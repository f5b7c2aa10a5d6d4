// Sealing: finished outcomes become segments while the round still runs, so that findings of millions read columns and
// not rows. Nothing depends on it: what is not sealed is read as rows, and gives the same findings.

import ParleyEvidence
public import ParleyModel
public import ParleyQueue

extension CoordinatorQueue {
    /// Seals some ranges of a round that are final.
    /// - Returns: how many outcomes; nil where no range is left to seal
    public func seal(round: RoundID, limit: Int = 4) async throws -> Int? {
        let ranges = try await sealableRanges(round: round, limit: limit)
        if ranges.isEmpty { return nil }
        var sealed = 0
        for range in ranges {
            let outcomes = try await observations(round: round, jobs: range.jobs)
            // One short of all would be a range that is not final after all.
            guard outcomes.count == range.jobs.count else { continue }
            let content = try OutcomeSegment.pack(
                outcomes.map(FindingsInput.init),
                cell: range.cell,
                latestMicros: outcomes.map(\.completedAtMicros).max() ?? .min,
                modelsReturned: Set(outcomes.compactMap(\.modelReturned))
            )
            try await seal(round: round, jobs: range.jobs, content: content)
            sealed += outcomes.count
        }
        return sealed
    }
}
