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
        /// Where it belongs; made where there is no pool of this name.
        public var pool: String
        /// The forms of definitions that it understands: it is given jobs of no others.
        public var definitions: [Int]

        public init(
            name: String,
            host: String,
            process: Int32,
            version: String,
            tags: [String] = [],
            pool: String = QueueSchema.defaultPool,
            definitions: [Int] = RoundDefinition.understoodFormats
        ) {
            self.name = name
            self.host = host
            self.process = process
            self.version = version
            self.tags = tags
            self.pool = pool
            self.definitions = definitions
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

    /// The most jobs of a block, by which many jobs are claimed at once.
    public static let blockSize = 62

    /// This worker's number.
    public nonisolated let worker: WorkerID
    /// How long this worker holds its jobs after a sign of life; 1 second to 1 day.
    public nonisolated let lease: Duration
    nonisolated let pool: PostgresPool
    nonisolated let logger: Logger
    private let pace: Pace
    private var allotment: Allotment?
    private var allottedAt = ContinuousClock.now
    /// Whether something was announced since.
    private var isStale = false
    private var facts: [StreamID: StreamFacts] = [:]
    private var holdings = Holdings()
    /// What became of the limits since the last allotment.
    private var reports: [Allotment.Limit: Report] = [:]
    /// Whether the coordinator lets this worker end.
    public private(set) var isDraining = false

    /// What a worker tells of a limit when it asks for the next allotment.
    private struct Report {
        /// Successes, and those at the first try.
        var done = 0
        var clean = 0
        /// How long the provider asks to wait, in its headers.
        var wait = Duration.zero
    }

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
                .text(registration.pool), .int32Array(registration.definitions.map { Int32(clamping: $0) }),
                .int32(Int32(QueueSchema.version)),
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
    ///
    /// - Parameter capacity: the most jobs that this worker could hold, of which its permits are a share; by default what
    ///   it asks for now
    public func claim(limit: Int, capacity: Int? = nil) async throws -> [ClaimedJob] {
        let capacity = max(limit, capacity ?? limit)
        guard (1...10_000).contains(limit) else {
            throw PostgresError.usage("A claim is for 1 to 10000 jobs, not \(limit).")
        }
        var jobs: [ClaimedJob] = []
        var isFresh = false
        if allotment == nil || isStale || allottedAt + pace.renewal <= .now {
            try await allot(free: capacity)
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
                try await allot(free: max(capacity - jobs.count, 1))
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
            allotment?.spend(Int(max(count, 1)), of: stream)
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
        let claimed = picks.flatMap { pick in
            let jobs = byStream[pick.stream] ?? []
            if jobs.count < pick.jobs { allotment?.drain(pick.stream) }
            return jobs
        }
        return claimed.mixingGrades()
    }

    private func allot(free: Int) async throws {
        // What is announced from here on may not be in the answer.
        isStale = false
        let held = holdings.byStream
        let left = allotment?.left ?? [:]
        let said = Array(Set(left.keys).union(reports.keys).union(holdings.peaks.keys))
        let (reports, running, peaks) = (reports, holdings.byLimit, holdings.peaks)
        let rows = try await pool.query(
            WorkerStatement.allot.rawValue,
            [
                .int64(worker.rawValue), .int32(Int32(clamping: free)), .int64Array(held.map(\.key.rawValue)),
                .int32Array(held.map { Int32(clamping: $0.value) }), .textArray(said.map(\.account)),
                .textArray(said.map(\.model)), .int32Array(said.map { Int32(clamping: running[$0] ?? 0) }),
                .int32Array(said.map { Int32(clamping: peaks[$0] ?? 0) }),
                .int32Array(said.map { Int32(clamping: reports[$0]?.done ?? 0) }),
                .int32Array(said.map { Int32(clamping: reports[$0]?.clean ?? 0) }),
                .int64Array(said.map { left[$0]?.requests ?? 0 }), .int64Array(said.map { left[$0]?.tokens ?? 0 }),
                .int64Array(said.map { reports[$0]?.wait.wholeMicroseconds ?? 0 }),
            ]
        )
        for (limit, report) in reports {
            self.reports[limit]?.done -= report.done
            self.reports[limit]?.clean -= report.clean
            self.reports[limit]?.wait = .zero
        }
        holdings.restartPeaks()
        allottedAt = .now
        if try rows.first?.bool(0) == true {
            isDraining = true
            allotment = Allotment(offers: [], granted: [:])
            return
        }
        var granted: [Allotment.Limit: Allotment.Grant] = [:]
        var caps: [Int64: Allotment.Cap] = [:]
        let offers = try rows.map { row in
            let stream = try StreamFacts(row: row)
            facts[stream.id] = stream
            granted[stream.limit] = Allotment.Grant(
                permits: Int(try row.int32(19)),
                requests: try row.int64OrNil(20),
                tokens: try row.int64OrNil(21)
            )
            let budgets = try row.int64ArrayOrNil(22) ?? []
            let (tokens, costs) = (try row.int64ArrayOrNil(23) ?? [], try row.int64ArrayOrNil(24) ?? [])
            for (place, budget) in budgets.enumerated() {
                caps[budget ?? 0] = Allotment.Cap(tokens: tokens[place], cost: costs[place])
            }
            return Allotment.Offer(
                stream: stream,
                priority: try row.int16(10),
                weight: try row.int32(11),
                claimed: try row.int64(15),
                others: Int(clamping: try row.int64(16)),
                budgets: budgets.compactMap { $0 }
            )
        }
        // A cap comes with what was in flight when it was asked for: that is spent.
        for offer in offers {
            let count = Int64(held[offer.stream.id] ?? 0)
            for budget in offer.budgets {
                caps[budget]?.tokens? -= count * offer.stream.reserveTokens
                caps[budget]?.cost? -= count * offer.stream.reserveCost
            }
        }
        allotment = Allotment(offers: offers, granted: granted, caps: caps, after: allotment)
    }

    /// Jobs that ended well: forgets them and counts them for their limits.
    func finished(_ commits: [Commit]) {
        var place = 0
        // Jobs of one limit mostly come together.
        while place < commits.count {
            guard let stream = holdings.stream(of: commits[place].key) else {
                place += 1
                continue
            }
            let start = place
            var (used, clean) = (Int64(0), 0)
            repeat {
                used += commits[place].usage.total
                if commits[place].key.fence == 1 { clean += 1 }
                place += 1
            } while place < commits.count && commits[place].key.block == commits[start].key.block
                && commits[start].key.block != nil
            reports[stream.limit, default: Report()].done += place - start
            reports[stream.limit, default: Report()].clean += clean
            allotment?.settle(stream.limit, reserved: Int64(place - start) * stream.reserveTokens, used: used)
        }
        holdings.remove(commits.lazy.map(\.key))
    }

    /// Jobs that failed: forgets them, and gives back the tokens that they are known not to have used.
    func failed(_ attempts: [FailedAttempt]) {
        for attempt in attempts {
            guard let stream = holdings.stream(of: attempt.key), let used = attempt.usage?.total else { continue }
            allotment?.settle(stream.limit, reserved: stream.reserveTokens, used: used)
        }
        holdings.remove(attempts.lazy.map(\.key))
    }

    /// Attempts that are over: their permits are free for other calls. Their jobs are held, and what they may have used
    /// of budgets stays reserved, until they are committed. May be left out: a commit says the same later.
    public func ended(_ keys: [LeaseKey]) { holdings.end(keys) }

    /// Work was announced: the next claim asks for a new allotment.
    public func expectWork() { isStale = true }

    /// A provider says that it has no more room for calls of this job's limit for a while. The next allotment tells
    /// all workers.
    public func wait(_ duration: Duration, for key: LeaseKey) {
        guard let limit = holdings.stream(of: key)?.limit else { return }
        reports[limit, default: Report()].wait = max(reports[limit]?.wait ?? .zero, duration)
    }

    /// Whose calls those of a stream are; nil for a stream of which nothing was ever offered.
    public func limit(of stream: StreamID) -> (account: String, model: String)? {
        facts[stream].map { ($0.limit.account, $0.limit.model) }
    }

    /// Jobs that this worker holds no longer, or whose results are given up: they count no more for what it may claim.
    public func forget(_ keys: some Sequence<LeaseKey> & Sendable) { holdings.remove(keys) }
}
