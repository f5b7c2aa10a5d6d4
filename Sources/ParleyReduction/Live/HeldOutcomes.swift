// HeldOutcomes.swift: the outcomes that hold now, each in the place that the plan gives it, so that the one that a
// change takes away is found by one access to memory.
// Invariant: a place whose mark is 0 is empty, and all its other fields are 0; the array starts so.

import ParleyDispatch

/// An outcome without its key, which is its place. All zero: no outcome.
struct HeldOutcome: Sendable, Equatable, BitwiseCopyable {
    // Not a vector: comparing two of these would wait for the stores of its parts.
    private var tokensIn: UInt32 = 0
    private var tokensOut: UInt32 = 0
    private var tokensCached: UInt32 = 0
    private var tokensReasoning: UInt32 = 0
    /// Billionths; 0 where there is no score.
    var score: Int64 = 0
    var cost: Int64 = 0
    var latency: Int64 = 0
    /// The raw value of ``OutcomeMark``, plus 1.
    private var markAfter: UInt8 = 0

    /// - Parameter row: checked against the limits of columns; `nil` for no outcome.
    init(_ row: OutcomeRow?) {
        guard let row else { return }
        tokensIn = UInt32(truncatingIfNeeded: row.tokensIn)
        tokensOut = UInt32(truncatingIfNeeded: row.tokensOut)
        tokensCached = UInt32(truncatingIfNeeded: row.tokensCached)
        tokensReasoning = UInt32(truncatingIfNeeded: row.tokensReasoning)
        score = row.score ?? 0
        cost = row.cost
        latency = row.latency
        markAfter = OutcomeMark(kind: row.kind, score: row.score).rawValue + 1
    }

    /// Tokens sent, received, sent from the provider's cache, and received as reasoning.
    var tokens: SIMD4<Int64> {
        SIMD4(Int64(tokensIn), Int64(tokensOut), Int64(tokensCached), Int64(tokensReasoning))
    }

    /// Whether there is an outcome.
    var isHeld: Bool { markAfter > 0 }

    /// The raw value of ``OutcomeMark`` of an outcome that is held.
    var mark: UInt8 { markAfter &- 1 }
}

/// An outcome that came or went, and what it is to be multiplied by in a sum.
struct OutcomeDelta: Sendable {
    var outcome: HeldOutcome
    private let key: OutcomeKey
    /// 1 for an outcome that came, −1 for one that went.
    let factor: Int32

    init(_ outcome: HeldOutcome, _ key: OutcomeKey, factor: Int32) {
        self.outcome = outcome
        self.key = key
        self.factor = factor
    }

    var cell: Int { Int(key.cell) }
    var sample: Int32 { key.sample }
}

/// The outcomes of a round by cell, sample and epoch.
struct HeldOutcomes: Sendable {
    /// Changes that are taken together: so many that memory is waited for rarely, and so few that what was fetched for
    /// them is still in the nearest caches when it is used.
    static let blockSize = 4_096

    private let plan: [CellPlan]
    /// The first place of each cell, and at the end the number of all places.
    private let starts: [Int]
    private var outcomes: LargeArray<HeldOutcome>

    init(plan: [CellPlan]) {
        self.plan = plan
        starts = prefixSums(plan.map(\.slots))
        outcomes = LargeArray(zeros: starts[plan.count])
    }

    /// The place of an outcome, or `nil` when the plan has none for it.
    func place(_ key: OutcomeKey) -> Int? {
        guard plan.indices.contains(Int(key.cell)) else { return nil }
        let cell = plan[Int(key.cell)]
        guard key.sample >= 0, key.sample < cell.samples, key.epoch >= 0, key.epoch < cell.epochs else { return nil }
        return starts[Int(key.cell)] + Int(key.sample) * Int(cell.epochs) + Int(key.epoch)
    }

    /// Puts what the changes bring into their places, and says which outcomes went and came by that.
    mutating func exchange(_ changes: ArraySlice<OutcomeChange>, places: ArraySlice<Int>) -> [OutcomeDelta] {
        var deltas: [OutcomeDelta] = []
        outcomes.withMutableSpan { outcomes in
            // The places lie all over memory. Read in a loop of its own, they are fetched many at a time.
            var going = 0
            for place in places { going &+= outcomes[place].isHeld ? 1 : 0 }
            deltas.reserveCapacity(changes.count + going)
            for index in changes.indices {
                let place = places[index]
                let (old, new) = (outcomes[place], HeldOutcome(changes[index].row))
                guard old != new else { continue }
                if old.isHeld { deltas.append(OutcomeDelta(old, changes[index].key, factor: -1)) }
                if new.isHeld { deltas.append(OutcomeDelta(new, changes[index].key, factor: 1)) }
                outcomes[place] = new
            }
        }
        return deltas
    }

    /// Calls `body` with every outcome of a cell, by ascending sample and epoch.
    func forEach(of cell: Int, _ body: (_ sample: Int, HeldOutcome) -> Void) {
        let epochs = max(1, Int(plan[cell].epochs))
        outcomes.withSpan { outcomes in
            for place in starts[cell]..<starts[cell + 1] where outcomes[place].isHeld {
                body((place - starts[cell]) / epochs, outcomes[place])
            }
        }
    }
}
