// What a comparison over rounds needs of one, summed up by the server that has it: the view `sample_counts`.

public import ParleyModel
import ParleyPostgres

/// How often a sample of a cell came to one kind and score.
public struct SampleCount: Hashable, Sendable {
    /// Index in `RoundDefinition.cells`.
    public let cell: Int
    /// Index in the frozen order of the suite's samples.
    public let sample: Int
    /// The first epoch that came to it, from 1.
    public let firstEpoch: Int
    public let kind: OutcomeKind
    public let score: Score?
    /// Epochs that came to it, at least 1.
    public let observations: Int
}

extension CoordinatorQueue {
    /// Whether the round's rows are on another server, so that sums are read in their place.
    public var readsElsewhere: Bool { foreignSchema != nil }

    /// The counts of all cells of a round, in no order.
    public func sampleCounts(round: RoundID) async throws -> [SampleCount] {
        let view = try located("parley.sample_counts")
        return try await readOnly { connection in
            var counts: [SampleCount] = []
            var reader = BinaryCopyReader()
            try await connection.copyOut(
                """
                copy (
                    select cell_no, sample_no, epoch, kind, score, observations
                    from \(view) where round_id = \(round.rawValue)
                ) to stdout (format binary)
                """
            ) { chunk in
                try reader.forEachRow(chunk) { row in
                    counts.append(
                        SampleCount(
                            cell: Int(try row.int32()),
                            sample: Int(try row.int32()),
                            firstEpoch: Int(try row.int32()),
                            kind: try OutcomeKind(stored: row.int16()),
                            score: try row.int64OrNil().map(Score.init(billionths:)),
                            observations: Int(try row.int64())
                        )
                    )
                }
            }
            return counts
        }
    }
}
