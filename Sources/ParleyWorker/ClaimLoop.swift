// The worker's loop: keep as many jobs in flight as allowed, look again when one ends, when work is announced, or after
// the poll interval with jitter.

import Logging
import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTelemetry
import Synchronization
import Tracing

final class ClaimLoop: Sendable {
    /// The most jobs of one claim.
    private static let claimLimit = 16 * WorkerQueue.blockSize
    /// Results that may wait to be recorded while more is claimed, where a quarter of the limit is less.
    private static let leastWaiting = 16

    private static let gatheringTime = Duration.milliseconds(4)
    /// How long it takes at most to give back what was cancelled.
    private static let longestReturn = Duration.seconds(10)

    private let configuration: WorkerConfiguration
    private let queue: WorkerQueue
    private let inFlight: InFlight
    private let runner: any JobRunning
    private let committer: Committer
    private let doorbell: Doorbell
    private let metrics: WorkerMetrics
    private let logger: Logger
    private let limit: Atomic<Int>
    private let isStopping = Atomic(false)
    private let isLeaving = Atomic(false)
    /// When a stop must be over.
    private let end = Mutex(ContinuousClock.Instant?.none)
    private let schemaError = Mutex(PostgresError?.none)

    init(
        configuration: WorkerConfiguration,
        queue: WorkerQueue,
        inFlight: InFlight,
        runner: any JobRunning,
        doorbell: Doorbell,
        metrics: WorkerMetrics,
        logger: Logger
    ) {
        self.configuration = configuration
        self.queue = queue
        self.inFlight = inFlight
        self.runner = runner
        self.doorbell = doorbell
        self.metrics = metrics
        self.logger = logger
        limit = Atomic(configuration.concurrency)
        committer = Committer(
            queue: queue,
            inFlight: inFlight,
            doorbell: doorbell,
            metrics: metrics,
            logger: logger
        )
    }

    /// No more claims; `run` returns when nothing is in flight, at the latest when the time for a stop is over.
    /// - Parameter atOnce: what is in flight is given back now
    func stop(atOnce: Bool = false) {
        let time = atOnce ? .zero : configuration.stopWithin
        end.withLock { $0 = min($0 ?? .now + time, .now + time) }
        isStopping.store(true, ordering: .releasing)
        doorbell.ring()
    }

    /// No more claims; `run` returns when nothing is in flight, however long that takes.
    func leave() {
        isLeaving.store(true, ordering: .releasing)
        doorbell.ring()
    }

    /// The most jobs in flight just now.
    var mostInFlight: Int { limit.load(ordering: .relaxed) }

    /// Changes how many jobs may be in flight; what is above it finishes.
    func setLimit(_ count: Int) {
        guard limit.exchange(count, ordering: .relaxed) != count else { return }
        logger.notice("this worker was told how much it may take", metadata: ["concurrency": "\(count)"])
        doorbell.ring()
    }

    /// Why no more can be claimed, ever: the schema is not this program's.
    var obstacle: PostgresError? { schemaError.withLock { $0 } }

    func run() async {
        var foundAt = ContinuousClock.now
        while !isStopping.load(ordering: .acquiring), !isLeaving.load(ordering: .acquiring) {
            let limit = limit.load(ordering: .relaxed)
            if (1..<max(limit / 8, 2)).contains(room(within: limit)) {
                // Where jobs end fast, more of them will have ended in a moment: one claim for many.
                try? await Task.sleep(for: Self.gatheringTime)
            }
            var free = min(room(within: limit), Self.claimLimit)
            // Many at a time are claimed in full blocks, which are cheaper.
            if free > WorkerQueue.blockSize { free -= free % WorkerQueue.blockSize }
            let count = free > 0 ? await claim(free, capacity: limit) : 0
            if await queue.isDraining {
                logger.notice("the coordinator lets this worker end")
                break
            }
            if count > 0 { foundAt = .now }
            // A full answer may not be all: look again at once while there is room. While there was work a moment ago,
            // more may be granted soon.
            if count < max(free, 1) {
                let isBusy = foundAt + .seconds(1) > .now
                await doorbell.wait(atMost: isBusy ? min(pollDelay(), .milliseconds(100)) : pollDelay())
            }
        }
        await drain()
        await committer.finish()
    }

    /// How many jobs more may be begun. Where the database takes results slowly, they do not pile up.
    private func room(within limit: Int) -> Int {
        min(limit - inFlight.running, limit + max(limit / 4, Self.leastWaiting) - inFlight.count)
    }

    /// Claims and starts jobs; answers how many.
    private func claim(_ limit: Int, capacity: Int) async -> Int {
        let asked = DefaultTracerClock.now
        do {
            await queue.ended(inFlight.takeEnded())
            let jobs = try await queue.claim(limit: limit, capacity: capacity)
            guard !jobs.isEmpty else { return 0 }
            let answered = DefaultTracerClock.now
            await runner.prepare(jobs)
            let meters = await metrics.meters(for: jobs, queue)
            inFlight.start(jobs) { [self] job, place in
                await work(on: job, place, JobTally(job, meters[job.stream], claimed: (asked, answered)))
            }
            return jobs.count
        } catch let error as PostgresError where error.retryClass == .schema {
            logger.error("the schema was migrated away from this program: it ends", metadata: ["error": "\(error)"])
            schemaError.withLock { $0 = error }
            leave()
            return 0
        } catch {
            logger.error("no jobs could be claimed", metadata: ["error": "\(error)"])
            return 0
        }
    }

    private func work(on job: ClaimedJob, _ place: InFlight.Place, _ tally: JobTally) async {
        var tally = tally
        let traced = tally.span != nil
        if let result = traced ? await run(job, under: tally.span) : await runner.run(job) {
            tally.ended(result)
            // After a failure the next job waits until the database knows of it: limits and breakers go by that.
            if case .commit = result {
                inFlight.end(place)
                doorbell.ring()
            }
            committer.record(result, block: job.key.block, place, tally)
        } else {
            tally.givenBack()
            _ = try? await queue.release([job.key])
            inFlight.remove(CollectionOfOne(place))
            doorbell.ring()
        }
    }

    /// A job beneath its span. Apart, so that a job in flight takes no memory for it where there are none.
    @inline(never)
    private func run(_ job: ClaimedJob, under span: (any Tracing.Span)?) async -> JobResult? {
        await Trace.under(span) { await runner.run(job) }
    }

    private func drain() async {
        while inFlight.count > 0, !isDue { await doorbell.wait(atMost: .milliseconds(200)) }
        if inFlight.count > 0 { inFlight.cancelAll() }
        await committer.finish()
        // Cancelled jobs end at once and are given back. One that does not comes back by its lease.
        let patience = ContinuousClock.now + Self.longestReturn
        while inFlight.count > 0, .now < patience { await doorbell.wait(atMost: .milliseconds(200)) }
        if inFlight.count > 0 {
            logger.warning("jobs were not given back in time", metadata: ["jobs": "\(inFlight.count)"])
        }
    }

    /// Whether a stop has to give back now what is in flight, for the rest of its time to suffice for that.
    private var isDue: Bool {
        let rest = min(Self.longestReturn, configuration.stopWithin / 4)
        return end.withLock { end in end.map { $0 - rest <= .now } } ?? false
    }

    private func pollDelay() -> Duration { configuration.pollInterval * Double.random(in: 0.75...1.25) }
}
