// What a worker may claim until it asks again, and which of it comes next: by priority, then the round and party with
// the least in flight for its weight, then the one that was served least for it, then the stream with the least in
// flight, then the one that is least advanced. All else equal, rounds and streams that share permits get equal shares,
// and the cells of a round advance together. The cells of one suite are compared, so none of them runs more than a block
// ahead of another that could be run now, unless they were given different weights. The database gave the numbers;
// nothing here asks it.

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

    /// Whose jobs are counted as served: where jobs are fast, little is in flight, and what was served decides.
    private struct Owner: Hashable {
        let round: RoundID
        let party: String
    }

    /// What may be used of a limit. Requests and tokens are begun; nil where there is no limit.
    struct Grant: Sendable, Hashable {
        /// The most jobs in flight.
        var permits: Int
        var requests: Int64?
        var tokens: Int64?
    }

    /// What may be used of a budget, what was in flight when it was given included; nil where there is no cap.
    struct Cap: Sendable, Hashable {
        var tokens: Int64?
        var cost: Int64?
    }

    /// A stream that has work for this worker.
    struct Offer: Sendable {
        let stream: StreamFacts
        let priority: Int16
        /// Its side's share, 1 by default.
        let weight: Int32
        /// Jobs that were ever claimed, of a probe stream.
        let claimed: Int64
        /// Jobs that other workers hold.
        let others: Int
        /// The budgets that it counts on.
        var budgets: [Int64] = []
    }

    /// A claim from one stream.
    struct Pick: Hashable, Sendable {
        let stream: StreamID
        var jobs: Int
    }

    let offers: [Offer]
    /// For each offer the place of its limit and of its side among those of all offers: a claim compares numbers.
    private let limits: [Int]
    private let sides: [Int]
    private let sideCount: Int
    /// For each offer the place of its owner.
    private let owners: [Int]
    private let ownerPlaces: [Owner: Int]
    /// Jobs that this worker claimed of each owner for its weight. Who comes later starts where the least served is: it
    /// neither makes up for the time before it came nor waits for others to.
    private var served: [Double]
    /// For each offer the places of those that it is compared with, itself included; empty where there is no other.
    private let peers: [[Int]]
    /// For each offer the jobs that were ever claimed of it, with those claimed since.
    private var begun: [Int64]
    /// For each offer the places of its budgets.
    private let budgets: [[Int]]
    /// Places of offers by falling priority, and of streams.
    private let tiers: [[Int]]
    private let places: [StreamID: Int]
    private let limitPlaces: [Limit: Int]
    private let limitKeys: [Limit]
    /// What is left of each: requests, tokens and budgets go down by what is claimed.
    private var grants: [Grant]
    private var caps: [Cap]
    /// Streams that gave less than was wanted.
    private var drained: Set<StreamID> = []

    /// - Parameters:
    ///   - caps: what is left of each budget, without what this worker has in flight
    ///   - earlier: the allotment before this one, from which it takes who was served how much
    init(offers: [Offer], granted: [Limit: Grant], caps: [Int64: Cap] = [:], after earlier: Allotment? = nil) {
        self.offers = offers
        var limitPlaces: [Limit: Int] = [:]
        var limitKeys: [Limit] = []
        var sidePlaces: [Side: Int] = [:]
        var limits: [Int] = []
        var sides: [Int] = []
        var owners: [Int] = []
        var ownerPlaces: [Owner: Int] = [:]
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
            let owner = Owner(round: offer.stream.round, party: offer.stream.party)
            let ownerPlace = ownerPlaces[owner] ?? ownerPlaces.count
            ownerPlaces[owner] = ownerPlace
            owners.append(ownerPlace)
        }
        var served = [Double?](repeating: nil, count: ownerPlaces.count)
        for (owner, place) in ownerPlaces {
            served[place] = earlier?.ownerPlaces[owner].map { earlier?.served[$0] ?? 0 }
        }
        let least = served.compactMap(\.self).min() ?? 0
        self.served = served.map { ($0 ?? least) - least }
        self.owners = owners
        self.ownerPlaces = ownerPlaces
        let budgetPlaces = Dictionary(uniqueKeysWithValues: caps.keys.sorted().enumerated().map { ($1, $0) })
        self.limits = limits
        self.sides = sides
        self.limitPlaces = limitPlaces
        self.limitKeys = limitKeys
        sideCount = sidePlaces.count
        budgets = offers.map { $0.budgets.compactMap { budgetPlaces[$0] } }
        places = Dictionary(offers.indices.map { (offers[$0].stream.id, $0) }, uniquingKeysWith: { first, _ in first })
        peers = Self.peers(of: offers)
        begun = offers.map(\.claimed)
        tiers = Dictionary(grouping: offers.indices, by: { offers[$0].priority }).sorted { $0.key > $1.key }
            .map(\.value)
        grants = limitKeys.map { granted[$0] ?? Grant(permits: 0) }
        self.caps = caps.sorted { $0.key < $1.key }.map(\.value)
    }

    /// Probes of one suite in one round, of one priority and weight, are compared.
    private static func peers(of offers: [Offer]) -> [[Int]] {
        struct Suite: Hashable {
            let round: RoundID
            let suite: Int
            let priority: Int16
            let weight: Int32
        }
        let probes = offers.indices.filter { offers[$0].stream.stage == .probe }
        let suites = Dictionary(grouping: probes) { place in
            let offer = offers[place]
            return Suite(
                round: offer.stream.round,
                suite: offer.stream.suite,
                priority: offer.priority,
                weight: offer.weight
            )
        }
        var peers = [[Int]](repeating: [], count: offers.count)
        for cells in suites.values where cells.count > 1 { for place in cells { peers[place] = cells } }
        return peers
    }

    /// Takes a stream out until the next allotment.
    mutating func drain(_ stream: StreamID) { drained.insert(stream) }

    /// Counts claimed jobs on their limit and budgets.
    mutating func spend(_ jobs: Int, of stream: StreamID) {
        guard jobs > 0, let place = places[stream] else { return }
        let facts = offers[place].stream
        let limit = limits[place]
        begun[place] += Int64(jobs)
        served[owners[place]] += Double(jobs) / Double(offers[place].weight)
        grants[limit].requests? -= Int64(jobs)
        grants[limit].tokens? -= Int64(jobs) * facts.reserveTokens
        for budget in budgets[place] {
            caps[budget].tokens? -= Int64(jobs) * facts.reserveTokens
            caps[budget].cost? -= Int64(jobs) * facts.reserveCost
        }
    }

    /// Corrects a limit's tokens by what jobs really used. Budgets learn of it from the database.
    mutating func settle(_ limit: Limit, reserved: Int64, used: Int64) {
        guard let place = limitPlaces[limit] else { return }
        grants[place].tokens? += reserved - used
    }

    /// What is left of requests and tokens, by limit.
    var left: [Limit: Grant] { Dictionary(uniqueKeysWithValues: zip(limitKeys, grants)) }

    /// What to claim now.
    /// - Parameters:
    ///   - limit: the most jobs
    ///   - held: what this worker holds of each stream
    ///   - heldOfLimit: what it holds of each account and model
    func picks(limit: Int, held: [StreamID: Int], heldOfLimit: [Limit: Int]) -> [Pick] {
        var grants = grants
        for (place, key) in limitKeys.enumerated() { grants[place].permits -= heldOfLimit[key] ?? 0 }
        var caps = caps
        var served = served
        var left = limit
        var taken = [Int](repeating: 0, count: offers.count)
        var order: [Int] = []
        var isOffered = [Bool](repeating: false, count: offers.count)
        var loads = offers.map { $0.others + (held[$0.stream.id] ?? 0) }
        var sideLoads = [Double](repeating: 0, count: sideCount)
        for place in offers.indices { sideLoads[sides[place]] += Double(loads[place]) / Double(offers[place].weight) }
        for tier in tiers {
            var tier = drained.isEmpty ? tier : tier.filter { !drained.contains(offers[$0].stream.id) }
            for place in tier { isOffered[place] = true }
            // No stream takes more than a quarter of what its limit has room for, so that they advance together.
            let shares = grants.map { max(1, $0.permits / 4) }
            // Large claims are for fast jobs: few streams at a time, in full blocks, cost the server less.
            let step =
                limit >= 4 * WorkerQueue.blockSize
                ? limit / 4 / WorkerQueue.blockSize * WorkerQueue.blockSize
                : max(1, limit / (limit >= WorkerQueue.blockSize ? 4 : 16))
            while left > 0 {
                var best: Int?
                for place in tier where grants[limits[place]].permits > 0 {
                    guard let other = best else {
                        best = place
                        continue
                    }
                    let mine = (
                        sideLoads[sides[place]], served[owners[place]], loads[place],
                        begun[place] + Int64(taken[place]), offers[place].stream.id.rawValue
                    )
                    let its = (
                        sideLoads[sides[other]], served[owners[other]], loads[other],
                        begun[other] + Int64(taken[other]), offers[other].stream.id.rawValue
                    )
                    if mine < its { best = place }
                }
                guard var best else { break }
                // What is compared advances together: nobody is more than a block ahead of one that could be run.
                var room = Int64.max
                if !peers[best].isEmpty {
                    var least = best
                    for place in peers[best] where isOffered[place] && grants[limits[place]].permits > 0 {
                        if begun[place] + Int64(taken[place]) < begun[least] + Int64(taken[least]) { least = place }
                    }
                    let block = Int64(max(step, SampleOrder.block(samples: Int(offers[best].stream.samples))))
                    room = begun[least] + Int64(taken[least]) + block - begun[best] - Int64(taken[best])
                    if room <= 0 { (best, room) = (least, block) }
                }
                let stream = offers[best].stream
                let limit = limits[best]
                var take = min(shares[limit], step, left, grants[limit].permits, Int(clamping: room))
                take = min(take, Self.affordable(grants[limit].requests, each: 1))
                take = min(take, Self.affordable(grants[limit].tokens, each: stream.reserveTokens))
                for budget in budgets[best] {
                    take = min(take, Self.affordable(caps[budget].tokens, each: stream.reserveTokens))
                    take = min(take, Self.affordable(caps[budget].cost, each: stream.reserveCost))
                }
                if take > WorkerQueue.blockSize { take -= take % WorkerQueue.blockSize }
                if take <= 0 {
                    tier.removeAll { $0 == best }
                    isOffered[best] = false
                    continue
                }
                if taken[best] == 0 { order.append(best) }
                taken[best] += take
                grants[limit].permits -= take
                grants[limit].requests? -= Int64(take)
                grants[limit].tokens? -= Int64(take) * stream.reserveTokens
                for budget in budgets[best] {
                    caps[budget].tokens? -= Int64(take) * stream.reserveTokens
                    caps[budget].cost? -= Int64(take) * stream.reserveCost
                }
                left -= take
                loads[best] += take
                sideLoads[sides[best]] += Double(take) / Double(offers[best].weight)
                served[owners[best]] += Double(take) / Double(offers[best].weight)
            }
        }
        return order.map { Pick(stream: offers[$0].stream.id, jobs: taken[$0]) }
    }

    /// How many jobs what is left pays for; where a job reserves nothing, one as long as anything is left.
    private static func affordable(_ left: Int64?, each: Int64) -> Int {
        guard let left else { return .max }
        if left <= 0 { return 0 }
        return each > 0 ? Int(clamping: left / each) : 1
    }
}
