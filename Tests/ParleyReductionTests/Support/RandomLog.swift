// RandomLog.swift: a log of random changes to the outcomes of a small plan, and what holds after each prefix of it.
@testable import ParleyReduction

/// Changes to outcomes of four cells: two of rates, one of wide scores, one that is reduced over its epochs.
struct RandomLog {
    static let samples: Int32 = 40
    static let epochs: Int32 = 4

    static func plan(reducer: EpochReducer = .median) -> [CellPlan] {
        let planned = Int64(samples * epochs)
        let refusalsFail = KindTreatments(refused: .scoreAs(0), failed: .asScored)
        return [
            CellPlan(CellSpec(planned: planned, identity: 1), samples: samples, epochs: epochs),
            CellPlan(
                CellSpec(planned: planned, treatments: refusalsFail, scoreRange: 0...Billionths.one, identity: 2),
                samples: samples,
                epochs: epochs
            ),
            CellPlan(CellSpec(planned: planned, identity: 3), samples: samples, epochs: epochs),
            CellPlan(CellSpec(planned: planned, epochReducer: reducer, identity: 4), samples: samples, epochs: epochs),
            CellPlan(CellSpec(planned: 1, identity: 5), samples: 1, epochs: 1),
        ]
    }

    private var generator: SeededGenerator
    /// The outcomes that hold.
    private(set) var surviving: [OutcomeKey: OutcomeRow] = [:]
    private var position = LogPosition.start

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    /// A batch of some hundred changes, and the position of its last.
    mutating func batch() -> (changes: [OutcomeChange], through: LogPosition) {
        let changes = (0..<Int.random(in: 0...300, using: &generator)).map { _ in change() }
        for change in changes { surviving[change.key] = change.row }
        position.rawValue += Int64(changes.count)
        return (changes, position)
    }

    /// The outcomes that hold, in random order and random parts.
    mutating func columns() throws -> [OutcomeColumns] {
        var parts = [[OutcomeRow]](repeating: [], count: .random(in: 1...3, using: &generator))
        let rows = surviving.values.sorted { ($0.cell, $0.sample, $0.epoch) < ($1.cell, $1.sample, $1.epoch) }
        for row in rows.shuffled(using: &generator) {
            parts[Int.random(in: 0..<parts.count, using: &generator)].append(row)
        }
        return try parts.map { try OutcomeColumns($0) }
    }

    private mutating func change() -> OutcomeChange {
        let key = OutcomeKey(
            cell: .random(in: 0..<4, using: &generator),
            sample: .random(in: 0..<Self.samples, using: &generator),
            epoch: .random(in: 0..<Self.epochs, using: &generator)
        )
        if generator.flip(0.25) { return .invalidate(key) }
        // Now and then the same row again.
        if generator.flip(0.1), let known = surviving[key] { return .add(known) }
        let row = row(key)
        return generator.flip(0.5) ? .add(row) : .supersede(row)
    }

    private mutating func row(_ key: OutcomeKey) -> OutcomeRow {
        let kind = generator.flip(0.7) ? .scored : KindCode.allCases.randomElement(using: &generator) ?? .scored
        let binary: Int64 = generator.flip(0.5) ? Billionths.one : 0
        let wide = Int64.random(in: -Billionths.scoreLimit...Billionths.scoreLimit, using: &generator)
        return OutcomeRow(
            cell: key.cell,
            sample: key.sample,
            epoch: key.epoch,
            kind: kind,
            score: generator.flip(0.9) ? (key.cell == 2 ? wide : binary) : nil,
            tokensIn: .random(in: 0...OutcomeColumns.tokenLimit, using: &generator),
            tokensOut: .random(in: 0...9_000, using: &generator),
            tokensCached: .random(in: 0...100, using: &generator),
            tokensReasoning: .random(in: 0...100, using: &generator),
            cost: .random(in: 0...OutcomeColumns.costLimit, using: &generator),
            latency: .random(in: 0...90_000_000, using: &generator)
        )
    }
}
