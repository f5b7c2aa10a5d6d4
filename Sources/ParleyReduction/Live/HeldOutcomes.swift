// HeldOutcomes.swift: the outcomes that hold now, each in the place that the plan gives it, so that the one that a
// change takes away is found by one access to memory.
// Invariant: a place whose mark is 0 is empty, and all its other fields are 0; the array starts so.

import ParleyDispatch

/// An outcome without its key, which is its place. All zero: no outcome.
struct HeldOutcome: Sendable, Equatable, BitwiseCopyable {
    var tokens = SIMD4<UInt32>()
    /// Billionths; 0 where there is no score.
    var score: Int64 = 0
    var cost: Int64 = 0
    var latency: Int64 = 0
    /// The raw value of ``OutcomeMark``, plus 1.
    private var markAfter: UInt8 = 0

    /// - Parameter row: checked against the limits of columns; `nil` for no outcome.
    init(_ row: OutcomeRow?) {
        guard let row else { return }
        tokens = SIMD4(truncatingIfNeeded: SIMD4(row.tokensIn, row.tokensOut, row.tokensCached, row.tokensReasoning))
        score = row.score ?? 0
        cost = row.cost
        latency = row.latency
        markAfter = OutcomeMark(kind: row.kind, score: row.score).rawValue + 1
    }

    /// Whether there is an outcome.
    var isHeld: Bool { markAfter > 0 }

    /// The raw value of ``OutcomeMark`` of an outcome that is held.
    var mark: UInt8 { markAfter &- 1 }
}

/// The outcomes of a round by cell, sample and epoch.
struct HeldOutcomes: Sendable {
    private let plan: [CellPlan]
    /// The first place of each cell, and at the end the number of all places.
    private let starts: [Int]
    var outcomes: LargeArray<HeldOutcome>

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
