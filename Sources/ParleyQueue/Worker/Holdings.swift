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
    /// The most held of each account and model since `restartPeaks`.
    private(set) var peaks: [Allotment.Limit: Int] = [:]

    mutating func restartPeaks() { peaks = byLimit }

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
    /// - Returns: how many of which streams it held
    @discardableResult
    mutating func remove(_ keys: some Sequence<LeaseKey>) -> [(stream: StreamFacts, jobs: Int)] {
        var closed: [(stream: StreamFacts, jobs: Int)] = []
        // Jobs of a block mostly come one after the other: their bits are gathered.
        var current: JobID?
        var mask: UInt64 = 0
        for key in keys {
            guard let block = key.block else {
                if let part = singles.removeValue(forKey: key.job) {
                    count(1, of: part.stream, -1)
                    closed.append((part.stream, 1))
                }
                continue
            }
            if block != current {
                if let current, let part = close(current, mask) { closed.append(part) }
                (current, mask) = (block, 0)
            }
            mask |= 1 << UInt64(key.job.rawValue - block.rawValue)
        }
        if let current, let part = close(current, mask) { closed.append(part) }
        return closed
    }

    /// The stream of a job that is held.
    func stream(of key: LeaseKey) -> StreamFacts? {
        if let block = key.block { return blocks[block]?.stream }
        return singles[key.job]?.stream
    }

    private mutating func close(_ block: JobID, _ mask: UInt64) -> (stream: StreamFacts, jobs: Int)? {
        guard let index = blocks.index(forKey: block) else { return nil }
        let part = blocks.values[index]
        let closed = (part.open & mask).nonzeroBitCount
        blocks.values[index].open &= ~mask
        if blocks.values[index].open == 0 { blocks.remove(at: index) }
        count(closed, of: part.stream, -1)
        return (part.stream, closed)
    }

    private mutating func count(_ jobs: Int, of stream: StreamFacts, _ sign: Int) {
        guard jobs > 0 else { return }
        Self.change(&byStream, stream.id, by: sign * jobs)
        Self.change(&byLimit, stream.limit, by: sign * jobs)
        if sign > 0 { peaks[stream.limit] = max(peaks[stream.limit] ?? 0, byLimit[stream.limit] ?? 0) }
    }

    private static func change<Key>(_ counts: inout [Key: Int], _ key: Key, by difference: Int) {
        let count = (counts[key] ?? 0) + difference
        counts[key] = count > 0 ? count : nil
    }
}
