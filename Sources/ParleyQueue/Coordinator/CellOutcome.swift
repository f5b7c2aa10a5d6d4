// The outcomes of a cell's probes, page by page, for somebody who looks at them one after another.

public import ParleyModel
import ParleyPostgres

/// The outcome of a probe, without what it used.
public struct CellOutcome: Hashable, Sendable {
    public let job: JobID
    /// From 0.
    public let sample: Int
    /// From 1.
    public let epoch: Int
    public let kind: OutcomeKind
    public let score: Score?
}

extension CoordinatorQueue {
    /// Outcomes of a cell's probes, by number.
    /// - Parameters:
    ///   - cell: index in `RoundDefinition.cells`
    ///   - kind: only of this kind
    ///   - after: only jobs after this one
    ///   - limit: the most that are given
    public func outcomes(
        round: RoundID,
        cell: Int,
        kind: OutcomeKind? = nil,
        after: JobID? = nil,
        limit: Int
    ) async throws -> [CellOutcome] {
        try await query(
            .cellOutcomes,
            [
                .int64(round.rawValue), .int32(Int32(clamping: cell)), .int64(after?.rawValue ?? 0),
                .optional(kind.map { Int16($0.rawValue) }, .int16, PostgresValue.int16), .int64(Int64(limit)),
            ]
        ).map { row in
            CellOutcome(
                job: JobID(try row.int64("job_id")),
                sample: Int(try row.int32("sample_no")),
                epoch: Int(try row.int32("epoch")),
                kind: try OutcomeKind(stored: row.int16("kind")),
                score: try row.int64OrNil("score").map(Score.init(billionths:))
            )
        }
    }
}
