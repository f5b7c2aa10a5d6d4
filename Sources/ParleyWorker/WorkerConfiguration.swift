// How a worker is run.

public import ParleyEvidence
import ParleyModel

/// How a worker is run.
public struct WorkerConfiguration: Sendable {
    /// Names the worker in status and logs; need not be unique.
    public var name: String
    public var host: String
    public var process: Int32
    public var version: String
    /// What this worker offers: a stream that asks for tags comes only to workers that have them all.
    public var tags: [String]
    /// The most jobs in flight at a time.
    public var concurrency: Int
    /// How long a claim or heartbeat holds a job.
    public var lease: Duration
    /// How long a draining worker waits for what is in flight before it gives it back.
    public var drainDeadline: Duration
    /// The longest time between two looks for work while there is none.
    public var pollInterval: Duration
    /// Where simulated rounds find their provider, without a path; nil takes the address of the definition.
    public var simulatorURL: String?
    /// Where external programs lie; nil refuses them.
    public var programFolder: String?
    /// Opens the keys of the held-out suites to which this worker was admitted; without one it leaves them to others.
    public var sealKey: SealKey?

    public init(
        name: String,
        host: String,
        process: Int32,
        version: String,
        tags: [String] = [],
        concurrency: Int = 64,
        lease: Duration = .seconds(60),
        drainDeadline: Duration = .seconds(30),
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
        self.concurrency = concurrency
        self.lease = lease
        self.drainDeadline = drainDeadline
        self.pollInterval = pollInterval
        self.simulatorURL = simulatorURL
        self.programFolder = programFolder
        self.sealKey = sealKey
    }

    /// What this worker offers, the right to run external programs included.
    var offeredTags: [String] { tags + (programFolder == nil ? [] : [ExternalProgram.workerTag]) }
}
