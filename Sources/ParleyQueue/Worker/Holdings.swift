// What a worker holds, counted by stream and by account and model: what its permits go by, and what it tells others.

import ParleyModel

struct Holdings: Sendable {
    private var streams: [JobID: StreamFacts] = [:]
    private(set) var byStream: [StreamID: Int] = [:]
    private(set) var byLimit: [Allotment.Limit: Int] = [:]

    mutating func add(_ job: JobID, of stream: StreamFacts) {
        guard streams.updateValue(stream, forKey: job) == nil else { return }
        byStream[stream.id, default: 0] += 1
        byLimit[stream.limit, default: 0] += 1
    }

    /// Jobs that this worker holds no longer; those that it did not hold are left alone.
    mutating func remove(_ jobs: some Sequence<JobID>) {
        for job in jobs {
            guard let stream = streams.removeValue(forKey: job) else { continue }
            Self.decrement(&byStream, stream.id)
            Self.decrement(&byLimit, stream.limit)
        }
    }

    private static func decrement<Key>(_ counts: inout [Key: Int], _ key: Key) {
        guard let count = counts[key] else { return }
        counts[key] = count > 1 ? count - 1 : nil
    }
}
