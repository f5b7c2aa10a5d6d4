// What people do to workers and pools while they run, and who works. Everything may be repeated without harm; what
// changes something is recorded as an event.

public import ParleyModel
import ParleyPostgres

/// Whom an order is for.
public enum WorkerTarget: Hashable, Sendable {
    case worker(WorkerID)
    /// All workers of a pool, and those that will join it.
    case pool(String)
}

/// What workers are told.
public enum WorkerOrder: Hashable, Sendable {
    /// The most jobs in flight, of each worker; nil leaves it to its pool, or to the worker.
    case set(concurrency: Int?)
    /// Nothing more is claimed; with `now` what is in flight is taken back, else it finishes.
    case pause(now: Bool)
    case resume
    /// What is in flight finishes, or is taken back, and the worker ends.
    case drain(now: Bool)
    /// The same, and it is listed no longer; a pool takes no more workers.
    case retire(now: Bool)

    fileprivate var columns: (action: String, concurrency: Int?, isNow: Bool) {
        switch self {
        case .set(let concurrency): ("set", concurrency, false)
        case .pause(let now): ("pause", nil, now)
        case .resume: ("resume", nil, false)
        case .drain(let now): ("drain", nil, now)
        case .retire(let now): ("retire", nil, now)
        }
    }
}

/// A pool of workers.
public struct PoolStatus: Hashable, Sendable {
    public let name: String
    /// `active`, `paused`, `draining` or `retired`.
    public let state: String
    /// The most jobs in flight of each worker; nil leaves it to them.
    public let concurrency: Int?
    /// Workers that show life.
    public let workers: Int
    /// Jobs that they hold.
    public let held: Int
}

/// A worker that has not ended.
public struct WorkerStatus: Hashable, Sendable {
    public let id: WorkerID
    public let name: String
    public let host: String
    public let process: Int
    public let version: String
    public let pool: String
    /// What it has of what streams ask for.
    public let tags: [String]
    /// `active`, `paused` or `draining`.
    public let state: String
    /// The most jobs in flight that it was told; nil where its own setting stands.
    public let concurrency: Int?
    /// Whether its lease runs.
    public let isAlive: Bool
    public let held: Int
    /// What it told of itself last; nil before it told anything.
    public let vitals: WorkerVitals?
}

extension CoordinatorQueue {
    /// Tells workers something.
    /// - Returns: how many workers it was for, and how many jobs were taken back; nil where there is no such worker or
    ///   pool, or it has ended
    @discardableResult
    public func steer(
        _ target: WorkerTarget,
        _ order: WorkerOrder,
        by authority: Authority
    ) async throws -> (workers: Int, jobs: Int)? {
        let columns = order.columns
        let (worker, pool): (WorkerID?, String?) =
            switch target {
            case .worker(let id): (id, nil)
            case .pool(let name): (nil, name)
            }
        let row = try await query(
            .steer,
            [
                .text(columns.action), .optional(worker?.rawValue, .int64, PostgresValue.int64),
                .optional(pool, .text, PostgresValue.text),
                .optional(columns.concurrency.map { Int32(clamping: $0) }, .int32, PostgresValue.int32),
                .bool(columns.isNow), .text(authority.reason.storable(bytes: 500)),
                .text(authority.actor.storable(bytes: 256)),
            ]
        ).only()
        guard let workers = try row.int64OrNil(0) else { return nil }
        return (Int(workers), Int(try row.int64(1)))
    }

    /// The workers that have not ended.
    public func workers() async throws -> [WorkerStatus] {
        try await query(.workers).map { row in
            WorkerStatus(
                id: WorkerID(try row.int64("id")),
                name: try row.text("name"),
                host: try row.text("host"),
                process: Int(try row.int32("pid")),
                version: try row.text("version"),
                pool: try row.text("pool"),
                tags: try row.textArray("tags").compactMap { $0 },
                state: try row.text("state"),
                concurrency: try row.int32OrNil("concurrency").map(Int.init),
                isAlive: try row.bool("alive"),
                held: Int(try row.int64("held")),
                vitals: try WorkerVitals(row)
            )
        }
    }

    /// The pools, without retired ones that are empty.
    public func pools() async throws -> [PoolStatus] {
        try await query(.pools).map { row in
            PoolStatus(
                name: try row.text("name"),
                state: try row.text("state"),
                concurrency: try row.int32OrNil("concurrency").map(Int.init),
                workers: Int(try row.int64("workers")),
                held: Int(try row.int64("held"))
            )
        }
    }
}

extension WorkerVitals {
    /// The columns of `parley.vitals`; nil where they are null.
    fileprivate init?(_ row: PostgresRow) throws {
        guard let mostInFlight = try row.int32OrNil("most_in_flight") else { return nil }
        self.init(
            mostInFlight: Int(mostInFlight),
            processors: Int(try row.float64("processors")),
            processorsUsed: try row.float64("processors_used"),
            loopLagSeconds: try row.float64("loop_lag"),
            overSeconds: try row.float64("over"),
            providerSeconds: try row.float64("provider"),
            queueSeconds: try row.float64("queue"),
            backoffSeconds: try row.float64("backoff"),
            localSeconds: try row.float64("local")
        )
    }
}
