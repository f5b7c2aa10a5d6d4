// Where a session starts to look for fresh jobs in each stream: at the lowest fresh job of its last claim there, so
// that no claim walks over the dead index entries of what was claimed before.
//
// It is a hint that expires. Below it may lie rows that another session had locked and gave back, and enqueues that
// committed out of order: a claim that gives less than asked, and the passing of 30 seconds, forget all of it, and the
// next claim looks from each stream's start. Returned jobs are found by another index and need no watermark.

import ParleyModel

struct Watermarks: Sendable {
    /// How long the hint may stand.
    static let lifetime = Duration.seconds(30)

    private var lowest: [StreamID: JobID] = [:]
    private var since: ContinuousClock.Instant

    init(now: ContinuousClock.Instant) { since = now }

    var isEmpty: Bool { lowest.isEmpty }

    /// The streams and their watermarks, as two columns.
    var columns: (streams: [Int64?], watermarks: [Int64?]) {
        (lowest.map { $0.key.rawValue }, lowest.map { $0.value.rawValue })
    }

    /// Forgets everything when it is too old.
    mutating func expire(now: ContinuousClock.Instant) {
        if since + Self.lifetime <= now { forget(now: now) }
    }

    /// Forgets everything.
    mutating func forget(now: ContinuousClock.Instant) {
        lowest.removeAll(keepingCapacity: true)
        since = now
    }

    /// Learns from a claim that gave all that was asked. A job with a higher fence came back and says nothing about
    /// where the fresh ones begin.
    mutating func learn(from jobs: [ClaimedJob]) {
        var seen: [StreamID: JobID] = [:]
        for job in jobs where job.key.fence == 1 {
            seen[job.stream] = min(seen[job.stream] ?? job.id, job.id)
        }
        lowest.merge(seen) { _, new in new }
    }
}
