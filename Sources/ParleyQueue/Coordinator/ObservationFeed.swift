// What is new of a round since the last look, without reading it again and without a log. Job numbers are dense and
// known from the plan: the feed keeps the numbers that it has not seen, asks for those below the cursors, and asks again
// until they come. So a transaction that commits late, in whatever order, is found when it is there; nothing rests on
// clocks or on the order of commits. A job that is dead is said, and looked at again: it may be ruled on.

public import ParleyModel
import ParleyPostgres

/// A change of a round's observations.
public enum ObservationChange: Hashable, Sendable {
    /// It is new, or takes the place of the one that the same job had.
    case observed(Observation)
    /// The job has no observation any more: it was ruled to run again, or to be left out.
    case withdrawn(Observation)
}

/// The observations of a round as they come.
public struct ObservationFeed: Sendable {
    /// The most numbers asked for at once.
    private static let pageSize: Int64 = 1 << 14

    public let round: RoundID
    /// Numbers of probe jobs without a final observation, ascending, apart and not empty.
    private(set) var unseen: [Range<Int64>]
    /// Observations that may change.
    private var provisional: [JobID: Observation] = [:]

    /// A feed of everything in the round but the ranges of jobs that were read otherwise and are final, ascending.
    public init(round: RoundID, without sealed: [Range<Int64>] = []) {
        self.round = round
        let all = round.rawValue << 36..<(round.rawValue + 1) << 36
        unseen = all.pages(without: sealed, size: .max >> 1)
    }

    /// What changed since the last call.
    public nonisolated(nonsending) mutating func changes(
        from queue: CoordinatorQueue
    ) async throws -> [ObservationChange] {
        let claimed = try await queue.claimedRanges(round: round)
        var found: [Observation] = []
        let pages = unseen.intersection(claimed).batches(of: Self.pageSize)
        try await queue.observations(round: round, pages: pages) { found += $0 }
        var changes: [ObservationChange] = []
        var withdrawn = provisional
        for observation in found {
            let known = withdrawn.removeValue(forKey: observation.job)
            if known != observation { changes.append(.observed(observation)) }
        }
        provisional = [:]
        for observation in found where observation.kind == .failed { provisional[observation.job] = observation }
        changes += withdrawn.values.sorted { $0.job < $1.job }.map(ObservationChange.withdrawn)
        unseen = unseen.without(found.lazy.filter { $0.kind != .failed }.map(\.job.rawValue))
        return changes
    }
}

extension CoordinatorQueue {
    /// By probe stream of a round, the jobs that were ever claimed.
    func claimedRanges(round: RoundID) async throws -> [Range<Int64>] {
        try await query(.claimedRanges, [.int64(round.rawValue)]).map { try $0.int64(0)..<$0.int64(1) }
    }
}

extension [Range<Int64>] {
    /// What lies in both lists of ranges, each ascending and apart.
    func intersection(_ other: Self) -> Self {
        var shared: Self = []
        var place = 0
        for range in self {
            while place < other.count, other[place].upperBound <= range.lowerBound { place += 1 }
            var next = place
            while next < other.count, other[next].lowerBound < range.upperBound {
                let part = range.clamped(to: other[next])
                if !part.isEmpty { shared.append(part) }
                next += 1
            }
        }
        return shared
    }

    /// The ranges without some numbers, which ascend.
    func without(_ numbers: some Sequence<Int64>) -> Self {
        var left: Self = []
        var place = 0
        var start = first?.lowerBound ?? 0
        for number in numbers {
            while place < count, self[place].upperBound <= number {
                if start < self[place].upperBound { left.append(start..<self[place].upperBound) }
                place += 1
                if place < count { start = self[place].lowerBound }
            }
            guard place < count else { break }
            guard number >= start else { continue }
            if start < number { left.append(start..<number) }
            start = number + 1
        }
        while place < count {
            if start < self[place].upperBound { left.append(start..<self[place].upperBound) }
            place += 1
            if place < count { start = self[place].lowerBound }
        }
        return left
    }

    /// The same ranges in lists of at most `size` numbers, and of at most as many ranges as one statement takes well.
    func batches(of size: Int64) -> [Self] {
        var batches: [Self] = []
        var batch: Self = []
        var room = size
        for range in self {
            var start = range.lowerBound
            while start < range.upperBound {
                let end = Swift.min(range.upperBound, start + room)
                batch.append(start..<end)
                room -= end - start
                start = end
                if room == 0 || batch.count == 1000 {
                    batches.append(batch)
                    batch = []
                    room = size
                }
            }
        }
        return batch.isEmpty ? batches : batches + [batch]
    }
}
