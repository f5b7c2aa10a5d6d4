// What a worker counts. Labels are account, model and stage, and words of fixed lists; never numbers of jobs or rounds.
//
// Invariant: for a job it takes a few relaxed additions. The instruments of a stream are looked up once a claim, and
// what somebody counts already is read only when the metrics are.

import ParleyDispatch
import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTelemetry
import Synchronization

/// A worker's metrics.
final class WorkerMetrics: Sendable {
    let database: DatabaseMetrics
    let lostLeases: Counter
    let unrecorded: Counter
    let loopLag: Histogram
    private let registry: MetricRegistry
    private let claimed: MetricFamily<Counter>
    private let committed: MetricFamily<Counter>
    private let failed: MetricFamily<Counter>
    private let overtaken: MetricFamily<Counter>
    private let probes: MetricFamily<Histogram>
    private let parts: MetricFamily<Counter>
    private let tokens: MetricFamily<Counter>
    private let inFlight: Gauge
    private let limit: Gauge
    private let cpu: Gauge
    private let known = Mutex<[StreamID: StreamMeter]>([:])

    init(_ registry: MetricRegistry) {
        self.registry = registry
        let labels = ["account", "model", "stage"]
        database = DatabaseMetrics(registry)
        claimed = registry.counter("parley_jobs_claimed_total", "Jobs claimed.", labels: labels)
        committed = registry.counter(
            "parley_jobs_committed_total",
            "Jobs whose outcome was recorded, by its kind.",
            labels: labels + ["kind"]
        )
        failed = registry.counter(
            "parley_attempts_failed_total",
            "Attempts without an outcome, by the failure's class; rate_limited are the provider's 429s.",
            labels: labels + ["class"]
        )
        overtaken = registry.counter(
            "parley_fences_lost_total",
            "Results that were dropped because another claim had overtaken this one's.",
            labels: labels
        )
        probes = registry.histogram(
            "parley_probe_seconds",
            "Time from the start of a job's attempt to its result.",
            labels: labels,
            bounds: .longTimes
        )
        parts = registry.counter(
            "parley_probe_part_seconds_total",
            "Where the time of attempts went: provider (waiting for models), local (this worker), queue (from the result "
                + "until it was recorded), backoff (until a failed job may be tried again).",
            labels: labels + ["part"],
            unit: .seconds
        )
        tokens = registry.counter("parley_tokens_total", "Tokens used by recorded outcomes.", labels: labels)
        lostLeases = registry.counter(
            "parley_leases_lost_total",
            "Jobs in flight that were found to be another worker's."
        ).of()
        unrecorded = registry.counter(
            "parley_results_unrecorded_total",
            "Results that the database did not take; their jobs come back when the lease ends."
        ).of()
        loopLag = registry.histogram(
            "parley_loop_lag_seconds",
            "Time until a task that is ready is run, tried twice a second: long where this worker lacks CPU.",
            bounds: .shortTimes
        ).of()
        inFlight = registry.gauge("parley_jobs_in_flight", "Jobs that this worker works on.").of()
        limit = registry.gauge("parley_jobs_in_flight_limit", "The most jobs that this worker works on at a time.").of()
        cpu = registry.gauge(
            "parley_processors",
            "Processors that this process may use, the container's quota included."
        )
        .of()
    }

    /// The instruments of the streams that jobs are of.
    func meters(for jobs: [ClaimedJob], _ queue: WorkerQueue) async -> [StreamID: StreamMeter] {
        var meters = known.withLock { $0 }
        var last: StreamID?
        for job in jobs where job.stream != last {
            last = job.stream
            if meters[job.stream] != nil { continue }
            let limit = await queue.limit(of: job.stream)
            let meter = StreamMeter(self, limit?.account ?? "", limit?.model ?? "", "\(job.stage)")
            known.withLock { $0[job.stream] = meter }
            meters[job.stream] = meter
        }
        return meters
    }

    func watch(_ jobs: InFlight, _ loop: ClaimLoop) {
        let (inFlight, limit, cpu) = (inFlight, limit, cpu)
        registry.beforeWriting {
            inFlight.set(jobs.running)
            limit.set(loop.mostInFlight)
            cpu.set(availableProcessors())
        }
    }

    func watch(_ pool: PostgresPool) {
        let database = database
        registry.beforeWriting {
            let census = await pool.census
            database.counted(
                open: census.open,
                idle: census.idle,
                maximum: census.maximum,
                waiting: census.waiting
            )
        }
    }

    /// Where the time of attempts went so far.
    var partTimes: [WorkerVitals.Bound: Duration] {
        parts.all.reduce(into: [:]) { times, series in
            guard let part = series.labels.last.flatMap(WorkerVitals.Bound.init(rawValue:)) else { return }
            times[part, default: .zero] += .nanoseconds(series.instrument.value)
        }
    }

    /// What a pool tells.
    var poolObserver: PoolObserver { PoolObserver(waited: database.waited, used: database.used) }

    /// The instruments of one stream; streams with the same labels share them.
    final class StreamMeter: Sendable {
        let claimed: Counter
        let overtaken: Counter
        let probes: Histogram
        let provider: Counter
        let local: Counter
        let queue: Counter
        let backoff: Counter
        let tokens: Counter
        /// By the kind's raw value.
        private let kinds: [Counter]
        private let failures: [FailureClass: Counter]

        fileprivate init(_ metrics: WorkerMetrics, _ account: String, _ model: String, _ stage: String) {
            claimed = metrics.claimed.of(account, model, stage)
            overtaken = metrics.overtaken.of(account, model, stage)
            probes = metrics.probes.of(account, model, stage)
            provider = metrics.parts.of(account, model, stage, "provider")
            local = metrics.parts.of(account, model, stage, "local")
            queue = metrics.parts.of(account, model, stage, "queue")
            backoff = metrics.parts.of(account, model, stage, "backoff")
            tokens = metrics.tokens.of(account, model, stage)
            kinds = OutcomeKind.allCases.map { metrics.committed.of(account, model, stage, $0.name) }
            failures = Dictionary(
                uniqueKeysWithValues: FailureClass.allCases.map {
                    ($0, metrics.failed.of(account, model, stage, $0.rawValue))
                }
            )
        }

        func committed(_ kind: OutcomeKind) { kinds[Int(kind.rawValue)].add() }

        func failed(_ failureClass: FailureClass) { failures[failureClass]?.add() }
    }
}
