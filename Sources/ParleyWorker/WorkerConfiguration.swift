// How a worker is run.

public import ParleyEvidence
public import ParleyModel
public import ParleyQueue

/// How a worker is run.
public struct WorkerConfiguration: Sendable {
    /// Names the worker in status and logs; need not be unique.
    public var name: String
    public var host: String
    public var process: Int32
    public var version: String
    /// What this worker offers: a stream that asks for tags comes only to workers that have them all.
    public var tags: [String]
    /// Where it belongs.
    public var pool: String
    /// The most jobs in flight at a time, until it or its pool is told otherwise. Results of a quarter more, or of 16,
    /// may wait to be recorded meanwhile.
    public var concurrency: Int
    /// How long a claim or heartbeat holds a job.
    public var lease: Duration
    /// How long a stop may take: what is in flight goes on for most of it, and is then given back.
    public var stopWithin: Duration
    /// The longest time between two looks for work while there is none.
    public var pollInterval: Duration
    /// Where simulated rounds find their provider, without a path; nil takes the address of the definition.
    public var simulatorURL: String?
    /// Where external programs lie; nil refuses them.
    public var programFolder: String?
    /// Opens the keys of the held-out suites to which this worker was admitted; without one it leaves them to others.
    public var sealKey: SealKey?
    /// Of labs to which keys of transcripts are bound, or that may leave a round.
    public var partySecrets: [PartySecret] = []

    public init(
        name: String,
        host: String,
        process: Int32,
        version: String,
        tags: [String] = [],
        pool: String = QueueSchema.defaultPool,
        concurrency: Int = 64,
        lease: Duration = .seconds(60),
        stopWithin: Duration = .seconds(30),
        pollInterval: Duration = .seconds(1),
        simulatorURL: String? = nil,
        programFolder: String? = nil,
        sealKey: SealKey? = nil
    ) {
        self.name = name
        self.host = host
        self.process = process
        self.version = version
        self.tags = tags
        self.pool = pool
        self.concurrency = concurrency
        self.lease = lease
        self.stopWithin = stopWithin
        self.pollInterval = pollInterval
        self.simulatorURL = simulatorURL
        self.programFolder = programFolder
        self.sealKey = sealKey
    }

    /// What this worker offers, the right to run external programs included.
    var offeredTags: [String] { tags + (programFolder == nil ? [] : [ExternalProgram.workerTag]) }

    /// Files that are open beside those of jobs: database, logs, loops.
    private static let spareFiles = 64

    /// The most jobs for which so many open files suffice: one connection each, and the pipes of programs.
    func jobs(within files: Int) -> Int { max(0, files - Self.spareFiles) / (programFolder == nil ? 1 : 5) }
}
