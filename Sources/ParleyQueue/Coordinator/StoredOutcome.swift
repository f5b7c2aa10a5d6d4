// One job's record, whole: outcome, transcript, attempts. For people who look at a single case.

public import ParleyModel
import ParleyPostgres

/// The record of a finished job. Times are microseconds since the Unix epoch, by the database's clock.
public struct StoredOutcome: Hashable, Sendable {
    public let job: JobID
    public let cell: Int
    public let stage: Stage
    public let judge: Int?
    public let sample: Int
    public let epoch: Int
    public let kind: OutcomeKind
    public let score: Score?
    public let usage: Usage
    public let cost: Money
    public let latencyMicros: Int64
    public let modelReturned: String?
    public let attempt: Int
    public let fence: Int64
    public let worker: WorkerID
    public let firstClaimedAtMicros: Int64
    public let completedAtMicros: Int64
    /// The job that was graded; nil for a probe.
    public let probe: JobID?
}

/// An attempt that did not become an outcome.
public struct StoredAttempt: Hashable, Sendable {
    public let fence: Int64
    public let attempt: Int
    public let worker: WorkerID
    /// The class as stored; a newer worker may know classes that this program does not.
    public let failureClass: String
    public let message: String
    public let fingerprint: String
    /// nil: a request may have reached the provider and its usage is not known.
    public let usage: Usage?
    public let cost: Money?
    public let startedAtMicros: Int64
    public let endedAtMicros: Int64
    /// `requeued`, `dead` or `paused`.
    public let disposition: String
    /// Whether an expired lease was taken back, rather than a failure reported.
    public let isRescued: Bool
}

extension CoordinatorQueue {
    /// The outcome of a job; nil while there is none.
    public func outcome(job: JobID) async throws -> StoredOutcome? {
        try await query(.outcome, [.int64(job.rawValue)]).first.map { try StoredOutcome(row: $0) }
    }

    /// A page of a round's outcomes, by job.
    /// - Parameters:
    ///   - job: those after this one
    ///   - cells: only of these cells, by their index in `RoundDefinition.cells`; nil for all
    ///   - kind: only of this kind
    public func outcomes(
        round: RoundID,
        after job: JobID,
        cells: [Int]?,
        kind: OutcomeKind?,
        limit: Int
    ) async throws -> [StoredOutcome] {
        try await query(
            .outcomePage,
            [
                .int64(round.rawValue), .int64(job.rawValue),
                .optional(cells?.map { Int32(clamping: $0) }, .int32Array, PostgresValue.int32Array),
                .optional((kind?.rawValue).map { Int16($0) }, .int16, PostgresValue.int16), .int64(Int64(limit)),
            ]
        ).map { try StoredOutcome(row: $0) }
    }

    /// The sealed transcript of a job's outcome; nil while there is none.
    public func transcript(job: JobID) async throws -> [UInt8]? {
        try await query(.transcript, [.int64(job.rawValue)]).first?.bytea(0)
    }

    /// A sample of a suite, sealed; nil where there is none of that index.
    public func sample(round: RoundID, suite: Int, sample: Int) async throws -> SealedSample? {
        let rows = try await query(
            .sample,
            [.int64(round.rawValue), .int32(Int32(clamping: suite)), .int32(Int32(clamping: sample))]
        )
        guard let row = rows.first else { return nil }
        return SealedSample(
            id: try row.text(0),
            contentHash: try ContentHash(stored: row.bytea(1)),
            content: try row.bytea(2)
        )
    }

    /// The content hash of every sample of a round, by suite and in the frozen order.
    public func sampleHashes(round: RoundID) async throws -> [[ContentHash]] {
        var suites: [[ContentHash]] = []
        for row in try await query(.sampleHashes, [.int64(round.rawValue)]) {
            let suite = Int(try row.int32(0))
            while suites.count <= suite { suites.append([]) }
            suites[suite].append(try ContentHash(stored: row.bytea(2)))
        }
        return suites
    }

    /// The numbers of a suite's samples in the dataset, in the frozen order, which is that in which they are run.
    public func datasetNumbers(round: RoundID, suite: Int) async throws -> [Int] {
        try await query(.datasetNumbers, [.int64(round.rawValue), .int32(Int32(clamping: suite))])
            .map { Int(try $0.int32(0)) }
    }

    /// The number of each sample of a suite in the frozen order, by its id.
    public func sampleNumbers(round: RoundID, suite: Int) async throws -> [String: Int] {
        let rows = try await query(.sampleNumbers, [.int64(round.rawValue), .int32(Int32(clamping: suite))])
        var numbers: [String: Int] = [:]
        for row in rows { numbers[try row.text(0)] = Int(try row.int32(1)) }
        return numbers
    }

    /// The attempts of a job that did not become its outcome, in their order.
    public func attempts(job: JobID) async throws -> [StoredAttempt] {
        try await query(.attempts, [.int64(job.rawValue)]).map { row in
            StoredAttempt(
                fence: try row.int64(0),
                attempt: Int(try row.int32(1)),
                worker: WorkerID(try row.int64(2)),
                failureClass: try row.text(3),
                message: try row.text(4),
                fingerprint: try row.text(5),
                usage: try row.isNull(6) ? nil : row.usage(6),
                cost: try row.int64OrNil(11).map(Money.init(billionths:)),
                startedAtMicros: try row.timestamptz(12),
                endedAtMicros: try row.timestamptz(13),
                disposition: try row.text(14),
                isRescued: try row.bool(15)
            )
        }
    }
}

extension StoredOutcome {
    fileprivate init(row: PostgresRow) throws {
        job = JobID(try row.int64(0))
        cell = Int(try row.int32(1))
        stage = try row.int16(2) == 0 ? .probe : .grade
        judge = try row.int16OrNil(3).map(Int.init)
        sample = Int(try row.int32(4))
        epoch = Int(try row.int32(5))
        kind = try OutcomeKind(stored: row.int16(6))
        score = try row.int64OrNil(7).map(Score.init(billionths:))
        usage = try row.usage(8)
        cost = Money(billionths: try row.int64(13))
        latencyMicros = try row.int64(14)
        modelReturned = try row.textOrNil(15)
        attempt = Int(try row.int32(16))
        fence = try row.int64(17)
        worker = WorkerID(try row.int64(18))
        firstClaimedAtMicros = try row.timestamptz(19)
        completedAtMicros = try row.timestamptz(20)
        probe = try row.int64OrNil(21).map(JobID.init)
    }
}
