// Records what jobs came to. Results gather while a statement is on its way and leave together in the next, so that
// the round trips do not grow with the rate; a batch is bounded by its bytes too. A result that the queue refuses
// alone is reported as a failed attempt, so that one odd row never holds back the rest. While the database is away or
// its disk is full, results are kept, their leases renewed, and sent again: what was paid for is not thrown away.
//
// Results come from many tasks and are sent by a few tasks of the committer's own, since a job's may be
// cancelled at any time: a lock around an array, and nothing under the lock waits.

import Logging
import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTelemetry
import Synchronization

final class Committer: Sendable {
    private static let batchLimit = 1000
    private static let byteLimit = 16 << 20
    /// Further senders help while whole batches wait: a commit mostly waits for the server's disk.
    private static let senderLimit = 4
    private static let gatheringTime = Duration.milliseconds(5)
    /// The time between two sendings while the database cannot take results.
    private static let retryPause = Duration.seconds(1)
    /// How often, in sendings, it is said that results wait.
    private static let complaintInterval = 15

    private struct Waiting {
        let result: JobResult
        let block: JobID?
        let place: InFlight.Place
        let tally: JobTally
    }

    private struct State {
        var waiting: [Waiting] = []
        var senders = 0
        var isGivingUp = false
        /// Sendings in vain since the last success.
        var sendings = 0
        /// Waits for all senders to end.
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let queue: WorkerQueue
    private let inFlight: InFlight
    private let doorbell: Doorbell
    private let metrics: WorkerMetrics
    private let logger: Logger
    private let state = Mutex(State())

    init(queue: WorkerQueue, inFlight: InFlight, doorbell: Doorbell, metrics: WorkerMetrics, logger: Logger) {
        self.queue = queue
        self.inFlight = inFlight
        self.doorbell = doorbell
        self.metrics = metrics
        self.logger = logger
    }

    /// Takes a result. The job leaves the in-flight set when it was answered.
    func record(_ result: JobResult, block: JobID?, _ place: InFlight.Place, _ tally: JobTally) {
        let isSenderNeeded = state.withLock { state in
            state.waiting.append(Waiting(result: result, block: block, place: place, tally: tally))
            let needed =
                state.senders == 0
                || state.senders < Self.senderLimit && state.waiting.count >= Self.batchLimit
            if needed { state.senders += 1 }
            return needed
        }
        guard isSenderNeeded else { return }
        Task {
            while let batch = takeBatch() {
                await send(batch)
                // Where fewer wait than a block has, more will have ended in a moment: one commit for many.
                if state.withLock({ $0.waiting.count }) < WorkerQueue.blockSize {
                    try? await Task.sleep(for: Self.gatheringTime)
                }
            }
        }
    }

    /// Waits until everything is sent, or was tried once more: no result is kept any longer. One call.
    func finish() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                state.isGivingUp = true
                if state.senders > 0 { state.waiter = continuation }
                return state.senders == 0
            }
            if isIdle { continuation.resume() }
        }
    }

    /// The next results to send; nil when there are none, and the sender that asked has ended with it.
    private func takeBatch() -> [Waiting]? {
        let (batch, waiter) = state.withLock { state in
            if state.waiting.isEmpty {
                state.senders -= 1
                defer { if state.senders == 0 { state.waiter = nil } }
                return (nil as [Waiting]?, state.senders == 0 ? state.waiter : nil)
            }
            var bytes = 0
            var count = 0
            for item in state.waiting.prefix(Self.batchLimit) {
                if case .commit(let commit) = item.result { bytes += commit.transcript?.count ?? 0 }
                if count > 0, bytes > Self.byteLimit { break }
                count += 1
            }
            // A block is not divided between two statements, which would wait for one another.
            while count < state.waiting.count, let block = state.waiting[count - 1].block,
                state.waiting[count].block == block
            { count += 1 }
            if count == state.waiting.count {
                let all = state.waiting
                state.waiting = []
                return (all, nil)
            }
            defer { state.waiting.removeFirst(count) }
            return (Array(state.waiting.prefix(count)), nil)
        }
        waiter?.resume()
        return batch
    }

    private func send(_ batch: [Waiting]) async {
        var commits: [(commit: Commit, tally: JobTally)] = []
        var failures: [(attempt: FailedAttempt, tally: JobTally)] = []
        for item in batch {
            switch item.result {
            case .commit(let commit): commits.append((commit, item.tally))
            case .fail(let attempt): failures.append((attempt, item.tally))
            }
        }
        await commit(commits)
        await fail(failures)
        inFlight.remove(batch.lazy.map(\.place))
        // There is room again.
        doorbell.ring()
    }

    private func commit(_ commits: [(commit: Commit, tally: JobTally)]) async {
        guard !commits.isEmpty else { return }
        do {
            let answers = try await queue.commit(commits.map(\.commit))
            state.withLock { $0.sendings = 0 }
            for (item, answer) in zip(commits, answers) { item.tally.recorded(item.commit, answer) }
        } catch let error as PostgresError where error.sqlState?.hasPrefix("23") == true {
            // One row contradicts itself: find it by committing each alone.
            if commits.count > 1 {
                for one in commits { await commit([one]) }
            } else {
                let attempt = FailedAttempt(
                    key: commits[0].commit.key,
                    ProbeFailure(.worker, "The result was refused: \(error)", fingerprint: "worker refused"),
                    cost: commits[0].commit.cost
                )
                await fail([(attempt, commits[0].tally)])
            }
        } catch {
            if await shouldRepeat(error, jobs: commits.count) { return await commit(commits) }
            // The leases run out and the jobs come back: nothing is lost but this work.
            await queue.forget(commits.map(\.commit.key))
            metrics.unrecorded.add(commits.count)
            for item in commits { item.tally.givenBack() }
            logger.error("results could not be recorded", metadata: ["jobs": "\(commits.count)", "error": "\(error)"])
        }
    }

    /// Waits a while where the same statement can succeed later, and says so.
    private func shouldRepeat(_ error: any Error, jobs: Int) async -> Bool {
        guard let error = error as? PostgresError,
            [.connection, .transient, .resources].contains(error.retryClass)
        else { return false }
        let (isGivingUp, sendings) = state.withLock { state in
            state.sendings += 1
            return (state.isGivingUp, state.sendings - 1)
        }
        if isGivingUp { return false }
        if sendings % Self.complaintInterval == 0 {
            logger.error(
                "results wait; they are recorded as soon as the database takes them",
                metadata: ["jobs": "\(jobs)", "error": "\(error)"]
            )
        }
        try? await Task.sleep(for: Self.retryPause)
        return true
    }

    private func fail(_ failures: [(attempt: FailedAttempt, tally: JobTally)]) async {
        guard !failures.isEmpty else { return }
        do {
            let answers = try await queue.fail(failures.map(\.attempt))
            for (item, answer) in zip(failures, answers) { item.tally.recorded(item.attempt, answer) }
        } catch {
            if await shouldRepeat(error, jobs: failures.count) { return await fail(failures) }
            await queue.forget(failures.map(\.attempt.key))
            metrics.unrecorded.add(failures.count)
            for item in failures { item.tally.givenBack() }
            logger.error(
                "failures could not be recorded",
                metadata: ["jobs": "\(failures.count)", "error": "\(error)"]
            )
        }
    }
}
