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
    /// For each offer the place of its limit and of its side among those of all offers: a claim compares numbers.
    private let limits: [Int]
    private let sides: [Int]
    private let limitKeys: [Limit]
    private let sideCount: Int
    /// Places of offers by falling priority.
    private let tiers: [[Int]]
    /// Streams that gave less than was wanted.
    private var drained: Set<StreamID> = []

    init(offers: [Offer], granted: [Limit: Int]) {
        self.offers = offers
        self.granted = granted
        var limitPlaces: [Limit: Int] = [:]
        var limitKeys: [Limit] = []
        var sidePlaces: [Side: Int] = [:]
        var limits: [Int] = []
        var sides: [Int] = []
        for offer in offers {
            let limit = limitPlaces[offer.stream.limit] ?? limitKeys.count
            if limit == limitKeys.count {
                limitPlaces[offer.stream.limit] = limit
                limitKeys.append(offer.stream.limit)
            }
            limits.append(limit)
            let side = Side(round: offer.stream.round, party: offer.stream.party, limit: offer.stream.limit)
            let place = sidePlaces[side] ?? sidePlaces.count
            sidePlaces[side] = place
            sides.append(place)
        }
        self.limits = limits
        self.sides = sides
        self.limitKeys = limitKeys
        sideCount = sidePlaces.count
        tiers = Dictionary(grouping: offers.indices, by: { offers[$0].priority }).sorted { $0.key > $1.key }.map(
            \.value
        )
    }

    /// Takes a stream out until the next allotment.
    mutating func drain(_ stream: StreamID) { drained.insert(stream) }

    /// What to claim now.
    /// - Parameters:
    ///   - limit: the most jobs
    ///   - held: what this worker holds of each stream
    ///   - heldOfLimit: what it holds of each account and model
    func picks(limit: Int, held: [StreamID: Int], heldOfLimit: [Limit: Int]) -> [Pick] {
        let grants = limitKeys.map { granted[$0] ?? 0 }
        var room = limitKeys.indices.map { grants[$0] - (heldOfLimit[limitKeys[$0]] ?? 0) }
        var left = limit
        var taken = [Int](repeating: 0, count: offers.count)
        var order: [Int] = []
        var loads = offers.map { $0.others + (held[$0.stream.id] ?? 0) }
        var sideLoads = [Int](repeating: 0, count: sideCount)
        for place in offers.indices { sideLoads[sides[place]] += loads[place] }
        for tier in tiers {
            let tier = drained.isEmpty ? tier : tier.filter { !drained.contains(offers[$0].stream.id) }
            var sharers = [Int](repeating: 0, count: limitKeys.count)
            for place in tier { sharers[limits[place]] += 1 }
            let step = max(limit / 8, (limit + tier.count - 1) / max(tier.count, 1))
            while left > 0 {
                var best: Int?
                for place in tier where room[limits[place]] > 0 {
                    guard let other = best else {
                        best = place
                        continue
                    }
                    let mine = (
                        sideLoads[sides[place]], loads[place], offers[place].claimed + Int64(taken[place]),
                        offers[place].stream.id.rawValue
                    )
                    let its = (
                        sideLoads[sides[other]], loads[other], offers[other].claimed + Int64(taken[other]),
                        offers[other].stream.id.rawValue
                    )
                    if mine < its { best = place }
                }
                guard let best else { break }
                let limit = limits[best]
                let share = grants[limit] / max(sharers[limit], 1)
                let take = min(max(1, min(Self.blockSize, share, step)), left, room[limit])
                if taken[best] == 0 { order.append(best) }
                taken[best] += take
                room[limit] -= take
                left -= take
                loads[best] += take
                sideLoads[sides[best]] += take
            }
        }
        return order.map { Pick(stream: offers[$0].stream.id, jobs: taken[$0]) }
    }
}
