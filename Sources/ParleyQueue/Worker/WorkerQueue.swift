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

    /// How often a worker asks what it may claim.
    public struct Pace: Hashable, Sendable {
        /// How long an allotment is used before permits and order are asked for anew.
        public var renewal = Duration.seconds(1)
        /// The least time between two that are asked for because the last one gave out.
        public var pause = Duration.milliseconds(100)

        public init() {}
    }

    /// This worker's number.
    public nonisolated let worker: WorkerID
    /// How long this worker holds its jobs after a sign of life; 1 second to 1 day.
    public nonisolated let lease: Duration
    nonisolated let pool: PostgresPool
    nonisolated let logger: Logger
    private let pace: Pace
    private var allotment: Allotment?
    private var allottedAt = ContinuousClock.now
    private var facts: [StreamID: StreamFacts] = [:]
    private var holdings = Holdings()

    private init(worker: WorkerID, lease: Duration, pace: Pace, pool: PostgresPool, logger: Logger) {
        self.worker = worker
        self.lease = lease
        self.pace = pace
        self.pool = pool
        self.logger = logger
    }

    /// Registers a worker. The pool should allow two connections at least, so that a heartbeat never waits for a claim.
    public static func register(
        _ registration: Registration,
        pool: PostgresPool,
        lease: Duration = .seconds(60),
        pace: Pace = Pace(),
        logger: Logger = Logger(label: "parley.queue.worker")
    ) async throws -> WorkerQueue {
        let rows = try await pool.query(
            WorkerStatement.register.rawValue,
            [
                .text(registration.name), .text(registration.host), .int32(registration.process),
                .text(registration.version), .textArray(registration.tags), .int64(lease.wholeMicroseconds),
            ]
        )
        let worker = WorkerID(try rows.only().int64(0))
        logger.debug("worker registered", metadata: ["worker": "\(worker)"])
        return WorkerQueue(
            worker: worker,
            lease: lease,
            pace: pace,
            pool: pool,
            logger: logger
        )
    }

    /// Says that this worker takes no more jobs (`draining`), or has ended (`gone`); neither is taken back.
    public func retire(finally: Bool = true) async throws {
        _ = try await pool.query(
            WorkerStatement.retire.rawValue,
            [.int64(worker.rawValue), .text(finally ? "gone" : "draining")]
        )
    }

    /// Claims up to `limit` jobs, 1 to 10 000, in the order in which they should be run. One call at a time.
    ///
    /// Fewer come when there are fewer or limits hold; none when there is nothing to do now. After a lost connection
    /// the jobs of an answer that did not arrive come back by a later heartbeat.
    public func claim(limit: Int) async throws -> [ClaimedJob] {
        guard (1...10_000).contains(limit) else {
            throw PostgresError.usage("A claim is for 1 to 10000 jobs, not \(limit).")
        }
        var jobs: [ClaimedJob] = []
        var isFresh = false
        if allotment == nil || allottedAt + pace.renewal <= .now {
            try await allot(free: limit)
            isFresh = true
        }
        while jobs.count < limit {
            let picks = allotment?.picks(
                limit: limit - jobs.count,
                held: holdings.byStream,
                heldOfLimit: holdings.byLimit
            )
            if let picks, !picks.isEmpty {
                jobs += try await claim(picks)
            } else if isFresh || allottedAt + pace.pause > .now {
                break
            } else {
                try await allot(free: limit - jobs.count)
                isFresh = true
            }
        }
        return jobs
    }

    private func claim(_ picks: [Allotment.Pick]) async throws -> [ClaimedJob] {
        let rows = try await pool.query(
            WorkerStatement.claim.rawValue,
            [
                .int64(worker.rawValue), .int64Array(picks.map(\.stream.rawValue)),
                .int32Array(picks.map { Int32(clamping: $0.jobs) }),
            ]
        )
        var byStream: [StreamID: [ClaimedJob]] = [:]
        for row in rows {
            let stream = StreamID(try row.int64(0))
            guard let facts = facts[stream] else { continue }
            let first = try row.int64(1)
            let count = Int64(try row.int16(2))
            let (fence, attempt) = (try row.int64(3), Int(try row.int32(4)))
            let block = count > 0 ? JobID(first) : nil
            if block != nil {
                holdings.add(block: JobID(first), count: Int(count), of: facts)
            } else {
                holdings.add(single: JobID(first), of: facts)
            }
            byStream[stream, default: []] += (first..<(first + max(count, 1))).map {
                facts.job($0, fence: fence, attempt: attempt, block: block)
            }
        }
        return picks.flatMap { pick in
            let jobs = byStream[pick.stream] ?? []
            if jobs.count < pick.jobs { allotment?.drain(pick.stream) }
            return jobs
        }
    }

    private func allot(free: Int) async throws {
        let held = holdings.byStream
        let rows = try await pool.query(
            WorkerStatement.allot.rawValue,
            [
                .int64(worker.rawValue), .int32(Int32(clamping: free)), .int64Array(held.map(\.key.rawValue)),
                .int32Array(held.map { Int32(clamping: $0.value) }),
            ]
        )
        var granted: [Allotment.Limit: Int] = [:]
        let offers = try rows.map { row in
            let stream = try StreamFacts(row: row)
            facts[stream.id] = stream
            granted[stream.limit] = Int(try row.int32(15))
            return Allotment.Offer(
                stream: stream,
                priority: try row.int16(9),
                claimed: try row.int64(13),
                others: Int(clamping: try row.int64(14))
            )
        }
        allotment = Allotment(offers: offers, granted: granted)
        allottedAt = .now
    }

    /// Forgets jobs that this worker holds no longer.
    func settled(_ keys: some Sequence<LeaseKey> & Sendable) { holdings.remove(keys) }
}

extension Duration {
    /// The duration in microseconds.
    var wholeMicroseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}
