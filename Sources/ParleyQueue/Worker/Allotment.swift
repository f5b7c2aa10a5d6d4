// What a worker may claim until it asks again, and which of it comes next: by priority, then the round and party with
// the least in flight, then the stream with the least, then the one that is least advanced. All else equal, streams
// that share permits get equal shares, and the cells of a round advance together. Pure: the database gave the numbers.

import ParleyModel

/// One answer of `parley.allot`.
struct Allotment: Sendable {
    /// The account and model whose limits a call counts on.
    struct Limit: Hashable, Sendable {
        let account: String
        let model: String
    }

    /// Whose share a stream counts on.
    private struct Side: Hashable {
        let round: RoundID
        let party: String
        let limit: Limit
    }

    /// A stream that has work for this worker.
    struct Offer: Sendable {
        let stream: StreamFacts
        let priority: Int16
        /// Jobs that were ever claimed, of a probe stream.
        let claimed: Int64
        /// Jobs that other workers hold.
        let others: Int
    }

    /// A claim from one stream.
    struct Pick: Hashable, Sendable {
        let stream: StreamID
        var jobs: Int
    }

    /// The most jobs of a block, which is the most that one step takes from a stream.
    static let blockSize = 62

    let offers: [Offer]
    /// How many jobs this worker may hold of each.
    let granted: [Limit: Int]
    /// Streams that gave less than was wanted.
    private var drained: Set<StreamID> = []

    init(offers: [Offer], granted: [Limit: Int]) {
        self.offers = offers
        self.granted = granted
    }

    /// Takes a stream out until the next allotment.
    mutating func drain(_ stream: StreamID) { drained.insert(stream) }

    /// What to claim now.
    /// - Parameters:
    ///   - limit: the most jobs
    ///   - held: what this worker holds of each stream
    ///   - heldOfLimit: what it holds of each account and model
    func picks(limit: Int, held: [StreamID: Int], heldOfLimit: [Limit: Int]) -> [Pick] {
        var room: [Limit: Int] = granted
        for (key, count) in heldOfLimit { room[key, default: 0] -= count }
        var left = limit
        var jobs: [StreamID: Int] = [:]
        var order: [StreamID] = []
        var sides: [Side: Int] = [:]
        var loads: [Int] = []
        for offer in offers {
            let load = offer.others + (held[offer.stream.id] ?? 0)
            loads.append(load)
            sides[Self.side(offer), default: 0] += load
        }
        for priority in Set(offers.map(\.priority)).sorted(by: >) {
            let tier = offers.indices.filter {
                offers[$0].priority == priority && !drained.contains(offers[$0].stream.id)
            }
            let pools = Dictionary(grouping: tier, by: { offers[$0].stream.limit }).mapValues(\.count)
            let step = max(limit / 8, (limit + tier.count - 1) / max(tier.count, 1))
            while left > 0 {
                let open = tier.filter { (room[offers[$0].stream.limit] ?? 0) > 0 }
                let best = open.min { a, b in
                    let x = (sides[Self.side(offers[a])] ?? 0, loads[a], advance(a, jobs), offers[a].stream.id.rawValue)
                    let y = (sides[Self.side(offers[b])] ?? 0, loads[b], advance(b, jobs), offers[b].stream.id.rawValue)
                    return x < y
                }
                guard let best else { break }
                let stream = offers[best].stream
                let pool = (granted[stream.limit] ?? 0) / max(pools[stream.limit] ?? 1, 1)
                let take = min(max(1, min(Self.blockSize, pool, step)), left, room[stream.limit] ?? 0)
                if jobs[stream.id] == nil { order.append(stream.id) }
                jobs[stream.id, default: 0] += take
                room[stream.limit, default: 0] -= take
                left -= take
                loads[best] += take
                sides[Self.side(offers[best]), default: 0] += take
            }
        }
        return order.map { Pick(stream: $0, jobs: jobs[$0] ?? 0) }
    }

    private func advance(_ index: Int, _ taken: [StreamID: Int]) -> Int64 {
        offers[index].claimed + Int64(taken[offers[index].stream.id] ?? 0)
    }

    private static func side(_ offer: Offer) -> Side {
        Side(round: offer.stream.round, party: offer.stream.party, limit: offer.stream.limit)
    }
}
