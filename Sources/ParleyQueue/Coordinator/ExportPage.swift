// Pages of what is kept of a round, for exports: a range of probe jobs of one cell with its samples, transcripts and
// grades. Each statement looks up a range of a primary key, so that a page costs what is on it.

public import ParleyModel
import ParleyPostgres

/// Where the jobs of a cell's probes, or of one judge's grades, have their numbers.
public struct ExportStream: Hashable, Sendable {
    public let cell: Int
    public let suite: Int
    /// Index in the suite's `grader.judges`; nil for the probes.
    public let judge: Int?
    /// The first job; then `(epoch - 1) * samples + sample`.
    public let base: Int64
    public let samples: Int
    public let epochs: Int

    public var jobs: Range<Int64> { base..<(base + Int64(samples) * Int64(epochs)) }
}

/// One grade as it is stored.
public struct StoredGrade: Hashable, Sendable {
    public let kind: OutcomeKind
    public let score: Score?
    public let usage: Usage
    public let cost: Money
    public let latencyMicros: Int64
    public let modelReturned: String?
}

extension CoordinatorQueue {
    /// The streams of a round, by their first jobs.
    public func exportStreams(round: RoundID) async throws -> [ExportStream] {
        try await query(.exportStreams, [.int64(round.rawValue)]).map { row in
            ExportStream(
                cell: Int(try row.int32(0)),
                suite: Int(try row.int32(1)),
                judge: try row.int16OrNil(3).map(Int.init),
                base: try row.int64(4),
                samples: Int(try row.int32(5)),
                epochs: Int(try row.int32(6))
            )
        }
    }

    /// When each of these jobs was first claimed, in microseconds since the Unix epoch.
    public func starts(round: RoundID, jobs: Range<Int64>) async throws -> [JobID: Int64] {
        try await byJob(.starts, round, jobs) { try $0.timestamptz(1) }
    }

    /// The sealed transcripts of these jobs.
    public func transcripts(round: RoundID, jobs: Range<Int64>) async throws -> [JobID: [UInt8]] {
        try await byJob(.transcripts, round, jobs) { try $0.bytea(1) }
    }

    /// Why these jobs died: the class and the message of the last attempt.
    public func deathReasons(round: RoundID, jobs: Range<Int64>) async throws -> [JobID: String] {
        try await byJob(.deathReasons, round, jobs) { "\(try $0.text(1)): \(try $0.text(2))" }
    }

    /// The grades of these grade jobs.
    public func storedGrades(round: RoundID, jobs: Range<Int64>) async throws -> [JobID: StoredGrade] {
        try await byJob(.gradeOutcomes, round, jobs) { row in
            StoredGrade(
                kind: try OutcomeKind(stored: row.int16(1)),
                score: try row.int64OrNil(2).map(Score.init(billionths:)),
                usage: try row.usage(3),
                cost: Money(billionths: try row.int64(8)),
                latencyMicros: try row.int64(9),
                modelReturned: try row.textOrNil(10)
            )
        }
    }

    /// Samples of a suite, sealed, by their numbers in the frozen order.
    public func samples(round: RoundID, suite: Int, numbers: Range<Int>) async throws -> [Int: SealedSample] {
        let rows = try await query(
            .samplePage,
            [
                .int64(round.rawValue), .int32(Int32(clamping: suite)), .int32(Int32(clamping: numbers.lowerBound)),
                .int32(Int32(clamping: numbers.upperBound)),
            ]
        )
        var samples: [Int: SealedSample] = [:]
        for row in rows {
            samples[Int(try row.int32(0))] = SealedSample(
                id: try row.text(1),
                contentHash: try ContentHash(stored: row.bytea(2)),
                content: try row.bytea(3)
            )
        }
        return samples
    }

    private func byJob<Value>(
        _ statement: CoordinatorStatement,
        _ round: RoundID,
        _ jobs: Range<Int64>,
        _ read: (PostgresRow) throws -> Value
    ) async throws -> [JobID: Value] {
        let rows = try await query(
            statement,
            [.int64(round.rawValue), .int64(jobs.lowerBound), .int64(jobs.upperBound)]
        )
        var values: [JobID: Value] = [:]
        for row in rows { values[JobID(try row.int64(0))] = try read(row) }
        return values
    }
}
