// The jobs that a worker holds now. Claim loop, job tasks and the heartbeat's own queue all read and write it, so it
// is a lock around a dictionary and nothing under the lock waits. Invariant: a job is in here from its claim until its
// commit, failure or release was answered, so that the heartbeat renews exactly what could still be lost.

import ParleyModel
import ParleyQueue
import Synchronization

final class InFlight: Sendable {
    private struct Entry {
        let key: LeaseKey
        /// nil until the task has been made.
        var task: Task<Void, Never>?
        var isLost = false
    }

    private let entries = Mutex<[JobID: Entry]>([:])

    var count: Int { entries.withLock { $0.count } }

    var keys: [LeaseKey] { entries.withLock { $0.values.map(\.key) } }

    /// Starts a task for each job. Each runs on this thread up to its first wait, and is detached: nothing is queued
    /// or copied for it before.
    func start(_ jobs: [ClaimedJob], _ run: @escaping @Sendable (ClaimedJob) async -> Void) {
        entries.withLock { entries in
            for job in jobs { entries[job.id] = Entry(key: job.key) }
        }
        let tasks = jobs.map { job in Task.immediateDetached { await run(job) } }
        let lost = entries.withLock { entries in
            var lost: [Task<Void, Never>] = []
            for (job, task) in zip(jobs, tasks) {
                // A job may have ended by now.
                guard let index = entries.index(forKey: job.id) else { continue }
                entries.values[index].task = task
                if entries.values[index].isLost { lost.append(task) }
            }
            return lost
        }
        for task in lost { task.cancel() }
    }

    func remove(_ jobs: some Sequence<JobID>) {
        entries.withLock { entries in
            for job in jobs { entries.removeValue(forKey: job) }
        }
    }

    /// Jobs that are somebody else's by now: their work is stopped, and its result would be dropped.
    func lose(_ jobs: [JobID]) {
        let tasks = entries.withLock { entries in
            jobs.compactMap { job in
                entries[job]?.isLost = true
                return entries[job]?.task
            }
        }
        for task in tasks { task.cancel() }
    }

    func cancelAll() {
        for task in entries.withLock({ $0.values.compactMap(\.task) }) { task.cancel() }
    }
}
