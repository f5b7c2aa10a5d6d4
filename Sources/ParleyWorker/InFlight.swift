// The jobs that a worker holds now. Claim loop, job tasks and the heartbeat's own queue all read and write it, so it
// is a lock around an array and nothing under the lock waits. Invariant: a job is in here from its start until its
// commit, failure or release was answered, so that the heartbeat renews exactly what could still be lost. Its place is
// another's as soon as its attempt has ended well: no slot waits for the database to record what is done.

import ParleyModel
import ParleyQueue
import Synchronization

final class InFlight: Sendable {
    /// A job's place in here, so that nothing is hashed for it.
    typealias Place = Int

    private struct Entry {
        let key: LeaseKey
        /// nil until the task has been made.
        var task: Task<Void, Never>?
        var isLost = false
        /// Whether its attempt ended well, and only its result is still to be recorded.
        var isOver = false
    }

    private struct State {
        var entries: [Entry?] = []
        var free: [Place] = []
        /// How many entries are over.
        var over = 0
        /// The keys of those that were not taken yet.
        var ended: [LeaseKey] = []

        var count: Int { entries.count - free.count }

        mutating func add(_ entry: Entry) -> Place {
            if let place = free.popLast() {
                entries[place] = entry
                return place
            }
            entries.append(entry)
            return entries.count - 1
        }
    }

    private let state = Mutex(State())

    /// All jobs that are held.
    var count: Int { state.withLock { $0.count } }

    /// Those that are worked on: without those whose results are still to be recorded.
    var running: Int { state.withLock { $0.count - $0.over } }

    var keys: [LeaseKey] { state.withLock { $0.entries.compactMap { $0?.key } } }

    /// Starts a task for each job. Each runs on this thread up to its first wait, and is detached: nothing is queued
    /// or copied for it before.
    func start(_ jobs: [ClaimedJob], _ run: @escaping @Sendable (ClaimedJob, Place) async -> Void) {
        let places = state.withLock { state in jobs.map { state.add(Entry(key: $0.key)) } }
        let tasks = zip(jobs, places).map { job, place in Task.immediateDetached { await run(job, place) } }
        let lost = state.withLock { state in
            var lost: [Task<Void, Never>] = []
            for (index, place) in places.enumerated() where state.entries[place]?.key == jobs[index].key {
                // Others have ended by now.
                state.entries[place]?.task = tasks[index]
                if state.entries[place]?.isLost == true { lost.append(tasks[index]) }
            }
            return lost
        }
        for task in lost { task.cancel() }
    }

    /// A job's attempt ended well; its result is on its way. Once for each.
    func end(_ place: Place) {
        state.withLock { state in
            guard let key = state.entries[place]?.key else { return }
            state.entries[place]?.isOver = true
            state.over += 1
            state.ended.append(key)
        }
    }

    /// The keys of attempts that ended well since the last call.
    func takeEnded() -> [LeaseKey] {
        state.withLock { state in
            defer { state.ended.removeAll() }
            return state.ended
        }
    }

    /// Jobs that were answered; each once.
    func remove(_ places: some Sequence<Place>) {
        state.withLock { state in
            for place in places {
                if state.entries[place]?.isOver == true { state.over -= 1 }
                state.entries[place] = nil
                state.free.append(place)
            }
        }
    }

    /// Jobs that are somebody else's by now: their work is stopped, and its result would be dropped.
    func lose(_ jobs: [JobID]) {
        let lost = Set(jobs)
        let tasks = state.withLock { state in
            var tasks: [Task<Void, Never>] = []
            for place in state.entries.indices {
                guard let entry = state.entries[place], lost.contains(entry.key.job) else { continue }
                state.entries[place]?.isLost = true
                if let task = entry.task { tasks.append(task) }
            }
            return tasks
        }
        for task in tasks { task.cancel() }
    }

    func cancelAll() {
        for task in state.withLock({ $0.entries.compactMap { $0?.task } }) { task.cancel() }
    }
}
