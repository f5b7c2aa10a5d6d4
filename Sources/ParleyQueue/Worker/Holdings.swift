// What a worker holds, counted by stream, and what it works on, counted by account and model: what its permits go by,
// and what it tells others. A block is one entry with a bit for each job, as in the database, so that a job costs no
// hashing of its own. An attempt that is over has no permit any more, and is held until its result is recorded.

import ParleyModel

struct Holdings: Sendable {
    private enum Place: Hashable {
        /// By its first job.
        case block(JobID)
        case single(JobID)
    }

    private struct Part {
        let stream: StreamFacts
        /// What is held; bit 0 is the part's first job.
        var open: UInt64
        /// What is worked on.
        var running: UInt64
    }

    private var parts: [Place: Part] = [:]
    private(set) var byStream: [StreamID: Int] = [:]
    /// What is worked on of each account and model.
    private(set) var byLimit: [Allotment.Limit: Int] = [:]
    /// The most of that since `restartPeaks`.
    private(set) var peaks: [Allotment.Limit: Int] = [:]

    mutating func restartPeaks() { peaks = byLimit }

    /// Takes in a block of `count` jobs from `first` on.
    mutating func add(block first: JobID, count jobs: Int, of stream: StreamFacts) {
        add(.block(first), (1 << UInt64(jobs)) - 1, of: stream)
    }

    mutating func add(single job: JobID, of stream: StreamFacts) { add(.single(job), 1, of: stream) }

    private mutating func add(_ place: Place, _ bits: UInt64, of stream: StreamFacts) {
        if let old = parts.updateValue(Part(stream: stream, open: bits, running: bits), forKey: place) {
            count(old.open, old.running, of: old.stream, -1)
        }
        count(bits, bits, of: stream, 1)
    }

    /// Attempts that are over; those of jobs that it did not hold are left alone.
    mutating func end(_ keys: some Sequence<LeaseKey>) {
        change(keys) { $0.running &= ~$1 }
    }

    /// Jobs that this worker holds no longer; those that it did not hold are left alone.
    mutating func remove(_ keys: some Sequence<LeaseKey>) {
        change(keys) { part, bits in
            part.running &= ~bits
            part.open &= ~bits
        }
    }

    /// The stream of a job that is held.
    func stream(of key: LeaseKey) -> StreamFacts? { parts[Self.place(of: key)]?.stream }

    private static func place(of key: LeaseKey) -> Place { key.block.map(Place.block) ?? .single(key.job) }

    private mutating func change(_ keys: some Sequence<LeaseKey>, _ clear: (inout Part, UInt64) -> Void) {
        // Jobs of a block mostly come one after the other: their bits are gathered.
        var current: Place?
        var bits: UInt64 = 0
        for key in keys {
            let place = Self.place(of: key)
            if place != current {
                if let current { change(current, bits, clear) }
                (current, bits) = (place, 0)
            }
            bits |= 1 << UInt64(key.job.rawValue - (key.block ?? key.job).rawValue)
        }
        if let current { change(current, bits, clear) }
    }

    private mutating func change(_ place: Place, _ bits: UInt64, _ clear: (inout Part, UInt64) -> Void) {
        guard let index = parts.index(forKey: place) else { return }
        let old = parts.values[index]
        var part = old
        clear(&part, bits)
        if part.open == 0 { parts.remove(at: index) } else { parts.values[index] = part }
        count(old.open ^ part.open, old.running ^ part.running, of: old.stream, -1)
    }

    private mutating func count(_ open: UInt64, _ running: UInt64, of stream: StreamFacts, _ sign: Int) {
        if open != 0 { Self.change(&byStream, stream.id, by: sign * open.nonzeroBitCount) }
        guard running != 0 else { return }
        Self.change(&byLimit, stream.limit, by: sign * running.nonzeroBitCount)
        if sign > 0 { peaks[stream.limit] = max(peaks[stream.limit] ?? 0, byLimit[stream.limit] ?? 0) }
    }

    private static func change<Key>(_ counts: inout [Key: Int], _ key: Key, by difference: Int) {
        let count = (counts[key] ?? 0) + difference
        counts[key] = count > 0 ? count : nil
    }
}
