// How a worker fares, as it tells with its heartbeat: enough to tell a slow provider from a worker that is starved.

/// What a worker told of itself, of about the time of its lease.
public struct WorkerVitals: Hashable, Sendable, Codable {
    /// What most of a worker's time goes into.
    public enum Bound: String, CaseIterable, Hashable, Sendable, Codable {
        /// It lacks processors: what it measures of the others is too long by that.
        case processors
        /// Waiting for models.
        case provider
        /// From a result until the database has it.
        case queue
        /// Waiting until what failed may be tried again.
        case backoff
        /// Its own work between calls: tools, scorers, programs.
        case local
    }

    /// A worker whose tasks wait as long as this lacks processors, as the alert ParleyWorkerStarved has it.
    static let longLagSeconds = 0.25
    /// The share of its processors that a worker uses up where it lacks more.
    static let fullShare = 0.9

    /// The most jobs that it holds at a time.
    public var mostInFlight: Int
    /// Processors that it may use, and that it used on average; programs that it started are not counted.
    public var processors: Int
    public var processorsUsed: Double
    /// How long a task that was ready waited to be run, on average.
    public var loopLagSeconds: Double
    /// The time of which all this is told.
    public var overSeconds: Double
    /// Where the time of the attempts went that ended within it, added up over jobs.
    public var providerSeconds: Double
    public var queueSeconds: Double
    public var backoffSeconds: Double
    public var localSeconds: Double

    public init(
        mostInFlight: Int,
        processors: Int,
        processorsUsed: Double,
        loopLagSeconds: Double,
        overSeconds: Double,
        providerSeconds: Double,
        queueSeconds: Double,
        backoffSeconds: Double,
        localSeconds: Double
    ) {
        self.mostInFlight = mostInFlight
        self.processors = processors
        self.processorsUsed = processorsUsed
        self.loopLagSeconds = loopLagSeconds
        self.overSeconds = overSeconds
        self.providerSeconds = providerSeconds
        self.queueSeconds = queueSeconds
        self.backoffSeconds = backoffSeconds
        self.localSeconds = localSeconds
    }

    /// Each part of the attempts' time with its share of all of it; none where no attempt ended.
    public var shares: [(part: Bound, share: Double)] {
        let parts = [
            (Bound.provider, providerSeconds), (.queue, queueSeconds), (.backoff, backoffSeconds),
            (.local, localSeconds),
        ]
        let sum = parts.reduce(0) { $0 + $1.1 }
        return sum > 0 ? parts.map { ($0.0, $0.1 / sum) } : []
    }

    /// What most of its time goes into; nil where no attempt ended.
    public var bound: Bound? {
        if loopLagSeconds >= Self.longLagSeconds || processorsUsed >= Self.fullShare * Double(processors) {
            return .processors
        }
        return shares.max { $0.share < $1.share }?.part
    }
}

extension WorkerVitals.Bound {
    /// For people, as what a worker does.
    public var text: String {
        switch self {
        case .processors: "lacks processors"
        case .provider: "waits for providers"
        case .queue: "waits for the database"
        case .backoff: "waits to try again"
        case .local: "works by itself"
        }
    }
}
