// What a worker may read: the definition and the samples of rounds to which it is admitted, and the transcript that a
// grade job which it holds is about.

public import ParleyModel
import ParleyPostgres

/// A sample as the database holds it: opaque, with its label and the hash of what is inside.
public struct SealedSample: Hashable, Sendable {
    public let id: String
    public let contentHash: ContentHash
    /// The sealed JSON form of the sample.
    public let content: [UInt8]
    /// Where it is run, from 0, for a sample that is submitted; nil for one that runs as it comes.
    public let place: Int?

    public init(id: String, contentHash: ContentHash, content: [UInt8], place: Int? = nil) {
        self.id = id
        self.contentHash = contentHash
        self.content = content
        self.place = place
    }
}

/// What a judge is given.
public struct GradeInput: Hashable, Sendable {
    /// The sealed transcript of the probe.
    public let transcript: [UInt8]
    public let sample: SealedSample
}

/// A grader of a suite beside the one that was frozen with the round.
public struct LaterGrader: Hashable, Sendable {
    public let suite: Int
    /// The number of its first judge, counted through all graders of the suite.
    public let firstJudge: Int
    public let grader: Grader
}

extension WorkerQueue {
    /// The graders of a round beside the frozen ones.
    /// - Throws: SQLSTATE 42501 when this worker is not admitted to the round
    public nonisolated(nonsending) func laterGraders(round: RoundID) async throws -> [LaterGrader] {
        try await pool.query(
            WorkerStatement.gradings.rawValue,
            [.int64(worker.rawValue), .int64(round.rawValue)]
        ).map { row in
            LaterGrader(
                suite: Int(try row.int32(0)),
                firstJudge: Int(try row.int16(1)),
                grader: try JSONValue(parsing: row.text(2)).decode(Grader.self)
            )
        }
    }

    /// The definition of a round, as canonical JSON text, its hash, and, where a lab may leave, the tree that has it.
    /// - Throws: SQLSTATE 42501 when this worker is not admitted to the round
    public nonisolated(nonsending) func round(_ round: RoundID) async throws -> (
        json: String, hash: ContentHash, tree: String?
    ) {
        let row = try await pool.query(
            WorkerStatement.round.rawValue,
            [.int64(worker.rawValue), .int64(round.rawValue)]
        ).only()
        return (try row.text(0), try ContentHash(stored: row.bytea(1)), try row.textOrNil(2))
    }

    /// Samples of a suite, sealed, by their index.
    /// - Throws: SQLSTATE 42501 when this worker is not admitted to the round
    public nonisolated(nonsending) func samples(
        round: RoundID,
        suite: Int,
        _ samples: [Int]
    ) async throws -> [Int: SealedSample] {
        let rows = try await pool.query(
            WorkerStatement.samples.rawValue,
            [
                .int64(worker.rawValue), .int64(round.rawValue), .int32(Int32(clamping: suite)),
                .int32Array(samples.map { Int32(clamping: $0) }),
            ]
        )
        return try Dictionary(
            rows.map { row in
                let sample = SealedSample(
                    id: try row.text(1),
                    contentHash: try ContentHash(stored: row.bytea(2)),
                    content: try row.bytea(3)
                )
                return (Int(try row.int32(0)), sample)
            },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// What a grade job that this worker holds is about.
    /// - Throws: SQLSTATE 42501 when this worker does not hold it, or holds it no longer
    public nonisolated(nonsending) func probeTranscript(for key: LeaseKey) async throws -> GradeInput {
        let row = try await pool.query(
            WorkerStatement.probeTranscript.rawValue,
            [.int64(worker.rawValue), .int64(key.job.rawValue), .int64(key.fence)]
        ).only()
        return GradeInput(
            transcript: try row.bytea(0),
            sample: SealedSample(
                id: try row.text(1),
                contentHash: try ContentHash(stored: row.bytea(2)),
                content: try row.bytea(3)
            )
        )
    }
}

extension ContentHash {
    /// A hash that a column with a length check holds.
    init(stored bytes: [UInt8]) throws {
        guard let hash = ContentHash(bytes: bytes) else {
            throw ParleyFailure(.database, "A stored hash has \(bytes.count) bytes instead of 32.")
        }
        self = hash
    }
}
