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
    /// The most jobs of one claim, and of one block.
    private static let claimLimit = 16 * blockSize
    private static let blockSize = 62

    private static let gatheringTime = Duration.milliseconds(4)

    private let configuration: WorkerConfiguration
    private let queue: WorkerQueue
    private let inFlight: InFlight
    private let runner: any JobRunning
    private let committer: Committer
    private let doorbell: Doorbell
    private let metrics: WorkerMetrics
    private let logger: Logger
    private let isStopping = Atomic(false)

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
        committer = Committer(
            queue: queue,
            inFlight: inFlight,
            doorbell: doorbell,
            metrics: metrics,
            logger: logger
        )
    }

    /// No more claims; `run` returns when nothing is in flight, at the latest after the drain deadline.
    func stop() { isStopping.store(true, ordering: .releasing) }

    func run() async {
        var foundAt = ContinuousClock.now
        while !isStopping.load(ordering: .acquiring) {
            if isNearlyFull {
                // Where jobs end fast, more of them will have ended in a moment: one claim for many.
                try? await Task.sleep(for: Self.gatheringTime)
            }
            var free = min(configuration.concurrency - inFlight.count, Self.claimLimit)
            // Many at a time are claimed in full blocks, which are cheaper.
            if free > Self.blockSize { free -= free % Self.blockSize }
            let count = free > 0 ? await claim(free) : 0
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

    private var isNearlyFull: Bool {
        let count = inFlight.count
        return count < configuration.concurrency && count > configuration.concurrency / 8 * 7
    }

    /// Claims and starts jobs; answers how many.
    private func claim(_ limit: Int) async -> Int {
        let asked = DefaultTracerClock.now
        do {
            let jobs = try await queue.claim(limit: limit, capacity: configuration.concurrency)
            guard !jobs.isEmpty else { return 0 }
            let answered = DefaultTracerClock.now
            await runner.prepare(jobs)
            let meters = await metrics.meters(for: jobs, queue)
            inFlight.start(jobs) { [self] job, place in
                await work(on: job, place, JobTally(job, meters[job.stream], claimed: (asked, answered)))
            }
            return jobs.count
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
        let deadline = ContinuousClock.now + configuration.drainDeadline
        while inFlight.count > 0, ContinuousClock.now < deadline {
            await doorbell.wait(atMost: .milliseconds(200))
        }
        inFlight.cancelAll()
        await committer.finish()
        // Cancelled jobs end at once and are given back.
        while inFlight.count > 0 { await doorbell.wait(atMost: .milliseconds(200)) }
    }

    private func pollDelay() -> Duration { configuration.pollInterval * Double.random(in: 0.75...1.25) }
}
