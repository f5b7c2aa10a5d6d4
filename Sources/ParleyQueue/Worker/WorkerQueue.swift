// The queue as a worker sees it. It connects as a role without table rights and calls the functions of the schema,
// which check that this login registered the worker and is admitted to the round.
//
// Execution is at least once, the commit exactly once: a result is recorded only by the claim that still holds the
// job, and a commit repeated after a lost connection finds its own. What a call does after a lost connection is said
// at each call.

public import Logging
public import ParleyModel
public import ParleyPostgres

/// A registered worker's queue.
public actor WorkerQueue {
    /// What a worker says of itself when it registers.
    public struct Registration: Hashable, Sendable {
        public var name: String
        public var host: String
        public var process: Int32
        public var version: String
        /// A stream that asks for tags is given only to workers that have them all.
        public var tags: [String]

        public init(name: String, host: String, process: Int32, version: String, tags: [String] = []) {
            self.name = name
            self.host = host
            self.process = process
            self.version = version
            self.tags = tags
        }
    }

    /// This worker's number.
    public nonisolated let worker: WorkerID
    /// How long a claim or a heartbeat holds a job; 1 second to 1 day.
    public nonisolated let lease: Duration
    nonisolated let pool: PostgresPool
    nonisolated let logger: Logger
    private var watermarks = Watermarks(now: .now)

    private init(worker: WorkerID, lease: Duration, pool: PostgresPool, logger: Logger) {
        self.worker = worker
        self.lease = lease
        self.pool = pool
        self.logger = logger
    }

    /// Registers a worker. The pool should allow two connections at least, so that a heartbeat never waits for a claim.
    public static func register(
        _ registration: Registration,
        pool: PostgresPool,
        lease: Duration = .seconds(60),
        logger: Logger = Logger(label: "parley.queue.worker")
    ) async throws -> WorkerQueue {
        let rows = try await pool.query(
            WorkerStatement.register.rawValue,
            [
                .text(registration.name), .text(registration.host), .int32(registration.process),
                .text(registration.version), .textArray(registration.tags),
            ]
        )
        let worker = WorkerID(try rows.only().int64(0))
        logger.debug("worker registered", metadata: ["worker": "\(worker)"])
        return WorkerQueue(worker: worker, lease: lease, pool: pool, logger: logger)
    }

    /// Says that this worker takes no more jobs (`draining`), or has ended (`gone`); neither is taken back.
    public func retire(finally: Bool = true) async throws {
        _ = try await pool.query(
            WorkerStatement.retire.rawValue,
            [.int64(worker.rawValue), .text(finally ? "gone" : "draining")]
        )
    }

    /// Claims up to `limit` jobs, 1 to 10 000, in the order in which they should be run.
    ///
    /// Fewer come when there are fewer or limits hold; none when there is nothing to do now. After a lost connection
    /// the jobs of an answer that did not arrive come back when their lease expires.
    public func claim(limit: Int) async throws -> [ClaimedJob] {
        watermarks.expire(now: .now)
        let hinted = !watermarks.isEmpty
        var jobs = try await claimOnce(limit)
        if jobs.count == limit {
            watermarks.learn(from: jobs)
            return jobs
        }
        watermarks.forget(now: .now)
        // A watermark may have hidden the rest: only a look from the start decides.
        if hinted { jobs += try await claimOnce(limit - jobs.count) }
        return jobs
    }

    private func claimOnce(_ limit: Int) async throws -> [ClaimedJob] {
        let (streams, marks) = watermarks.columns
        let rows = try await pool.query(
            WorkerStatement.claim.rawValue,
            [
                .int64(worker.rawValue), .int32(Int32(clamping: limit)), .int64(lease.wholeMicroseconds),
                .int64Array(streams), .int64Array(marks),
            ]
        )
        return try rows.map(ClaimedJob.init(row:))
    }
}

extension Duration {
    /// The duration in microseconds.
    var wholeMicroseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}

extension ClaimedJob {
    /// A row of `parley.claim`, by position.
    init(row: PostgresRow) throws {
        guard let stage = Stage(rawValue: try row.int16(3)) else {
            throw PostgresError.usage("The database knows a stage that this program does not: use a newer Parley.")
        }
        key = LeaseKey(job: JobID(try row.int64(0)), fence: try row.int64(10))
        round = RoundID(try row.int64(1))
        stream = StreamID(try row.int64(2))
        self.stage = stage
        judge = try row.int16OrNil(4).map(Int.init)
        cell = Int(try row.int32(5))
        suite = Int(try row.int32(6))
        sample = Int(try row.int32(7))
        epoch = Int(try row.int32(8))
        attempt = Int(try row.int32(9))
        leaseExpiresAtMicros = try row.timestamptz(11)
        probe = try row.int64OrNil(12).map(JobID.init)
    }
}
