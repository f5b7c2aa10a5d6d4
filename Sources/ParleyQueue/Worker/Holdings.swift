// What a worker holds, counted by stream and by account and model: what its permits go by, and what it tells others.
// A block is one entry with a bit for each job, as in the database, so that a job costs no hashing of its own.

import ParleyModel

struct Holdings: Sendable {
    private struct Part {
        let stream: StreamFacts
        /// Bit 0 is the part's first job.
        var open: UInt64
    }

    private var blocks: [JobID: Part] = [:]
    private var singles: [JobID: Part] = [:]
    private(set) var byStream: [StreamID: Int] = [:]
    private(set) var byLimit: [Allotment.Limit: Int] = [:]

    /// Takes in a block of `count` jobs from `first` on.
    mutating func add(block first: JobID, count jobs: Int, of stream: StreamFacts) {
        let part = Part(stream: stream, open: (1 << UInt64(jobs)) - 1)
        if let old = blocks.updateValue(part, forKey: first) { count(old.open.nonzeroBitCount, of: old.stream, -1) }
        count(jobs, of: stream, 1)
    }

    mutating func add(single job: JobID, of stream: StreamFacts) {
        if singles.updateValue(Part(stream: stream, open: 1), forKey: job) == nil { count(1, of: stream, 1) }
    }

    /// Jobs that this worker holds no longer; those that it did not hold are left alone.
    mutating func remove(_ keys: some Sequence<LeaseKey>) {
        // Jobs of a block mostly come one after the other: their bits are gathered.
        var current: JobID?
        var mask: UInt64 = 0
        for key in keys {
            guard let block = key.block else {
                if let part = singles.removeValue(forKey: key.job) { count(1, of: part.stream, -1) }
                continue
            }
            if block != current {
                if let current { close(current, mask) }
                (current, mask) = (block, 0)
            }
            mask |= 1 << UInt64(key.job.rawValue - block.rawValue)
        }
        if let current { close(current, mask) }
    }

    private mutating func close(_ block: JobID, _ mask: UInt64) {
        guard let index = blocks.index(forKey: block) else { return }
        let part = blocks.values[index]
        let closed = part.open & mask
        blocks.values[index].open &= ~mask
        if blocks.values[index].open == 0 { blocks.remove(at: index) }
        count(closed.nonzeroBitCount, of: part.stream, -1)
    }

    private mutating func count(_ jobs: Int, of stream: StreamFacts, _ sign: Int) {
        guard jobs > 0 else { return }
        Self.change(&byStream, stream.id, by: sign * jobs)
        Self.change(&byLimit, stream.limit, by: sign * jobs)
    }

    private static func change<Key>(_ counts: inout [Key: Int], _ key: Key, by difference: Int) {
        let count = (counts[key] ?? 0) + difference
        counts[key] = count > 0 ? count : nil
    }
}
