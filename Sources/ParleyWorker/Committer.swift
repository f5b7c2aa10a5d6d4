// Records what jobs came to. Results gather while a statement is on its way and leave together in the next, so that
// the round trips do not grow with the rate; a batch is bounded by its bytes too. A result that the queue refuses
// alone is reported as a failed attempt, so that one odd row never holds back the rest.

import Logging
import ParleyModel
import ParleyPostgres
import ParleyQueue

actor Committer {
    private static let batchLimit = 500
    private static let byteLimit = 16 << 20

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
    private let logger: Logger
    private var waiting: [Result] = []
    private var isSending = false
    private(set) var committed = 0
    private(set) var lost = 0

    init(queue: WorkerQueue, inFlight: InFlight, logger: Logger) {
        self.queue = queue
        self.inFlight = inFlight
        self.logger = logger
    }

    /// Takes a result. Returns at once while another call is sending, which then sends this one too; the job leaves
    /// the in-flight set when it was answered.
    func record(_ result: Result) async {
        waiting.append(result)
        guard !isSending else { return }
        isSending = true
        while !waiting.isEmpty { await send(takeBatch()) }
        isSending = false
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
    }

    private func commit(_ commits: [Commit]) async {
        guard !commits.isEmpty else { return }
        do {
            for answer in try await queue.commit(commits) {
                if answer == .lost { lost += 1 } else { committed += 1 }
            }
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
            // The leases run out and the jobs come back: nothing is lost but this work.
            logger.error("results could not be recorded", metadata: ["jobs": "\(commits.count)", "error": "\(error)"])
        }
    }

    private func fail(_ failures: [FailedAttempt]) async {
        guard !failures.isEmpty else { return }
        do {
            _ = try await queue.fail(failures)
        } catch {
            logger.error(
                "failures could not be recorded",
                metadata: ["jobs": "\(failures.count)", "error": "\(error)"]
            )
        }
    }
}
