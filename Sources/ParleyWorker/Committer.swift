// Records what jobs came to. Results gather while a statement is on its way and leave together in the next, so that
// the round trips do not grow with the rate; a batch is bounded by its bytes too. A result that the queue refuses
// alone is reported as a failed attempt, so that one odd row never holds back the rest. While the database is away or
// its disk is full, results are kept, their leases renewed, and sent again: what was paid for is not thrown away.

import Logging
import ParleyModel
import ParleyPostgres
import ParleyQueue

actor Committer {
    private static let batchLimit = 500
    private static let byteLimit = 16 << 20
    /// The time between two sendings while the database cannot take results.
    private static let retryPause = Duration.seconds(1)
    /// How often, in sendings, it is said that results wait.
    private static let complaintInterval = 15

    enum Result: Sendable {
        case commit(Commit)
        case fail(FailedAttempt)

        var job: JobID {
            switch self {
            case .commit(let commit): commit.key.job
            case .fail(let attempt): attempt.key.job
            }
        }
    }

    private let queue: WorkerQueue
    private let inFlight: InFlight
    private let doorbell: Doorbell
    private let logger: Logger
    private var waiting: [Result] = []
    private var sender: Task<Void, Never>?
    private var isGivingUp = false
    /// Sendings in vain since the last success.
    private var sendings = 0
    private(set) var committed = 0
    private(set) var lost = 0

    init(queue: WorkerQueue, inFlight: InFlight, doorbell: Doorbell, logger: Logger) {
        self.queue = queue
        self.inFlight = inFlight
        self.doorbell = doorbell
        self.logger = logger
    }

    /// Takes a result; it is sent from a task of its own, since the job's may be cancelled at any time. The job leaves
    /// the in-flight set when it was answered.
    func record(_ result: Result) {
        waiting.append(result)
        guard sender == nil else { return }
        sender = Task {
            while !waiting.isEmpty { await send(takeBatch()) }
            sender = nil
        }
    }

    /// Waits until everything is sent, or was tried once more: no result is kept any longer.
    func finish() async {
        isGivingUp = true
        await sender?.value
    }

    private func takeBatch() -> [Result] {
        var bytes = 0
        var count = 0
        for result in waiting.prefix(Self.batchLimit) {
            if case .commit(let commit) = result { bytes += commit.transcript?.count ?? 0 }
            if count > 0, bytes > Self.byteLimit { break }
            count += 1
        }
        defer { waiting.removeFirst(count) }
        return Array(waiting.prefix(count))
    }

    private func send(_ batch: [Result]) async {
        var commits: [Commit] = []
        var failures: [FailedAttempt] = []
        for result in batch {
            switch result {
            case .commit(let commit): commits.append(commit)
            case .fail(let attempt): failures.append(attempt)
            }
        }
        await commit(commits)
        await fail(failures)
        for result in batch { inFlight.remove(result.job) }
        // There is room again.
        doorbell.ring()
    }

    private func commit(_ commits: [Commit]) async {
        guard !commits.isEmpty else { return }
        do {
            for answer in try await queue.commit(commits) {
                if answer == .lost { lost += 1 } else { committed += 1 }
            }
            sendings = 0
        } catch let error as PostgresError where error.sqlState?.hasPrefix("23") == true {
            // One row contradicts itself: find it by committing each alone.
            if commits.count > 1 {
                for one in commits { await commit([one]) }
            } else {
                await fail([
                    FailedAttempt(
                        key: commits[0].key,
                        ProbeFailure(.worker, "The result was refused: \(error)", fingerprint: "worker refused"),
                        cost: commits[0].cost
                    )
                ])
            }
        } catch {
            if await shouldRepeat(error, jobs: commits.count) { return await commit(commits) }
            // The leases run out and the jobs come back: nothing is lost but this work.
            logger.error("results could not be recorded", metadata: ["jobs": "\(commits.count)", "error": "\(error)"])
        }
    }

    /// Waits a while where the same statement can succeed later, and says so.
    private func shouldRepeat(_ error: any Error, jobs: Int) async -> Bool {
        guard !isGivingUp, let error = error as? PostgresError,
            [.connection, .transient, .resources].contains(error.retryClass)
        else { return false }
        if sendings % Self.complaintInterval == 0 {
            logger.error(
                "results wait; they are recorded as soon as the database takes them",
                metadata: ["jobs": "\(jobs)", "error": "\(error)"]
            )
        }
        sendings += 1
        try? await Task.sleep(for: Self.retryPause)
        return true
    }

    private func fail(_ failures: [FailedAttempt]) async {
        guard !failures.isEmpty else { return }
        do {
            _ = try await queue.fail(failures)
        } catch {
            if await shouldRepeat(error, jobs: failures.count) { return await fail(failures) }
            logger.error(
                "failures could not be recorded",
                metadata: ["jobs": "\(failures.count)", "error": "\(error)"]
            )
        }
    }
}
