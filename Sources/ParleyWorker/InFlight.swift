// The jobs that a worker holds now. Claim loop, job tasks and the heartbeat's own queue all read and write it, so it
// is a lock around a dictionary and nothing under the lock waits. Invariant: a job is in here from its start until its
// commit, failure or release was answered, so that the heartbeat renews exactly what could still be lost.

import ParleyModel
import ParleyQueue
import Synchronization

final class InFlight: Sendable {
    private struct Entry {
        let key: LeaseKey
        let task: Task<Void, Never>
    }

    private struct State {
        var entries: [JobID: Entry] = [:]
        /// Jobs that ended before they were entered.
        var ended: Set<JobID> = []
    }

    private let state = Mutex(State())

    var count: Int { state.withLock { $0.entries.count } }

    var keys: [LeaseKey] { state.withLock { $0.entries.values.map(\.key) } }

    /// Starts a task for each job. Each runs on this thread up to its first wait, and is detached: nothing is queued
    /// or copied for it before.
    func start(_ jobs: [ClaimedJob], _ run: @escaping @Sendable (ClaimedJob) async -> Void) {
        let tasks = jobs.map { job in Task.immediateDetached { await run(job) } }
        state.withLock { state in
            for (job, task) in zip(jobs, tasks) where state.ended.isEmpty || state.ended.remove(job.id) == nil {
                state.entries[job.id] = Entry(key: job.key, task: task)
            }
        }
    }

    /// Jobs that were answered; each once.
    func remove(_ jobs: some Sequence<JobID>) {
        state.withLock { state in
            for job in jobs where state.entries.removeValue(forKey: job) == nil { state.ended.insert(job) }
        }
    }

    /// Jobs that are somebody else's by now: their work is stopped, and its result would be dropped.
    func lose(_ jobs: [JobID]) {
        for task in state.withLock({ state in jobs.compactMap { state.entries[$0]?.task } }) { task.cancel() }
    }

    func cancelAll() {
        for task in state.withLock({ $0.entries.values.map(\.task) }) { task.cancel() }
    }
}
