// The jobs that a worker holds now. Claim loop, job tasks and the heartbeat's own queue all read and write it, so it
// is a lock around a dictionary and nothing under the lock waits. Invariant: a job is in here from its claim until its
// commit, failure or release was answered, so that the heartbeat renews exactly what could still be lost.

import ParleyModel
import ParleyQueue
import Synchronization

final class InFlight: Sendable {
    private struct Entry {
        let key: LeaseKey
        var task: Task<Void, Never>?
        var isLost = false
    }

    private let entries = Mutex<[JobID: Entry]>([:])

    var count: Int { entries.withLock { $0.count } }

    var keys: [LeaseKey] { entries.withLock { $0.values.map(\.key) } }

    func insert(_ key: LeaseKey) {
        entries.withLock { $0[key.job] = Entry(key: key) }
    }

    /// Names the task of a job, so that it can be cancelled.
    func attach(_ task: Task<Void, Never>, to job: JobID) {
        let isLost = entries.withLock { entries in
            entries[job]?.task = task
            return entries[job]?.isLost ?? false
        }
        if isLost { task.cancel() }
    }

    func remove(_ job: JobID) {
        entries.withLock { _ = $0.removeValue(forKey: job) }
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
