// The worker's loop: keep as many jobs in flight as allowed, look again when one ends, when work is announced, or after
// the poll interval with jitter.

import Logging
import ParleyModel
import ParleyPostgres
import ParleyQueue
import Synchronization

final class ClaimLoop: Sendable {
    private let configuration: WorkerConfiguration
    private let queue: WorkerQueue
    private let inFlight: InFlight
    private let rounds: RoundCache
    private let committer: Committer
    private let doorbell: Doorbell
    private let logger: Logger
    private let isStopping = Atomic(false)

    init(
        configuration: WorkerConfiguration,
        queue: WorkerQueue,
        inFlight: InFlight,
        rounds: RoundCache,
        doorbell: Doorbell,
        logger: Logger
    ) {
        self.configuration = configuration
        self.queue = queue
        self.inFlight = inFlight
        self.rounds = rounds
        self.doorbell = doorbell
        self.logger = logger
        committer = Committer(queue: queue, inFlight: inFlight, doorbell: doorbell, logger: logger)
    }

    /// No more claims; `run` returns when nothing is in flight, at the latest after the drain deadline.
    func stop() { isStopping.store(true, ordering: .releasing) }

    func run() async {
        await withDiscardingTaskGroup { group in
            while !isStopping.load(ordering: .acquiring) {
                let free = configuration.concurrency - inFlight.count
                let jobs = free > 0 ? await claim(free) : []
                for job in jobs { start(job, &group) }
                // A full answer may not be all: look again at once while there is room.
                if jobs.count < max(free, 1) { await doorbell.wait(atMost: pollDelay()) }
            }
            await drain()
        }
        await committer.finish()
    }

    private func claim(_ limit: Int) async -> [ClaimedJob] {
        do {
            let jobs = try await queue.claim(limit: limit)
            for job in jobs { inFlight.insert(job.key) }
            // Only saves statements: a job whose sample is not there by then reads it itself, and says what is wrong.
            if !jobs.isEmpty { try? await rounds.prefetch(jobs) }
            return jobs
        } catch {
            logger.error("no jobs could be claimed", metadata: ["error": "\(error)"])
            return []
        }
    }

    private func start(_ job: ClaimedJob, _ group: inout DiscardingTaskGroup) {
        // An unstructured task inside a structured one: the inner can be cancelled alone when its lease is lost.
        let runner = JobRunner(rounds: rounds)
        group.addTask { [committer, doorbell, inFlight, queue] in
            let task = Task {
                if let result = await runner.run(job) {
                    await committer.record(result)
                } else {
                    _ = try? await queue.release([job.key])
                    inFlight.remove(job.id)
                    doorbell.ring()
                }
            }
            inFlight.attach(task, to: job.id)
            await task.value
        }
    }

    private func drain() async {
        let deadline = ContinuousClock.now + configuration.drainDeadline
        while inFlight.count > 0, ContinuousClock.now < deadline {
            await doorbell.wait(atMost: .milliseconds(200))
        }
        inFlight.cancelAll()
    }

    private func pollDelay() -> Duration { configuration.pollInterval * Double.random(in: 0.75...1.25) }
}
