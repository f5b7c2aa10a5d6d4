// Pools and their workers, as a document: what `parley pool list --json` prints (schemas/json/pools.schema.json).

import ParleyModel
public import ParleyQueue

/// Pools and their workers.
public struct PoolsDocument: Hashable, Sendable, Codable {
    public static let currentFormat = "parley.pools/1"

    /// A worker that has not ended.
    public struct Worker: Hashable, Sendable, Codable {
        public var worker: Int64
        public var name: String
        public var host: String
        public var process: Int
        public var version: String
        /// `active`, `paused` or `draining`.
        public var state: String
        /// Whether its lease runs.
        public var alive: Bool
        /// What it has of what streams ask for.
        public var tags: [String]
        /// The most jobs in flight that it was told; null where its own setting stands.
        public var concurrency: Int?
        /// Jobs that it holds.
        public var held: Int
    }

    /// A pool.
    public struct Pool: Hashable, Sendable, Codable {
        public var pool: String
        /// `active`, `paused`, `draining` or `retired`.
        public var state: String
        /// The most jobs in flight of each worker; null leaves it to them.
        public var concurrency: Int?
        /// Jobs that workers hold which show life.
        public var held: Int
        public var workers: [Worker]
    }

    public var format: String
    public var pools: [Pool]

    public init(_ pools: [PoolStatus], _ workers: [WorkerStatus]) {
        format = Self.currentFormat
        let byPool = Dictionary(grouping: workers, by: \.pool)
        self.pools = pools.map { pool in
            Pool(
                pool: pool.name,
                state: pool.state,
                concurrency: pool.concurrency,
                held: pool.held,
                workers: (byPool[pool.name] ?? []).map(Worker.init)
            )
        }
    }
}

extension PoolsDocument.Worker {
    init(_ status: WorkerStatus) {
        self.init(
            worker: status.id.rawValue,
            name: status.name,
            host: status.host,
            process: status.process,
            version: status.version,
            state: status.state,
            alive: status.isAlive,
            tags: status.tags,
            concurrency: status.concurrency,
            held: status.held
        )
    }
}
