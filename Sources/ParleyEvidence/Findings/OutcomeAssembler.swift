// From named outcomes to the findings of their cells. Names become numbers only when all are known, in the order of the
// names: so no result depends on the order of the rows.

import ParleyDispatch
public import ParleyModel
import ParleyReduction

/// Collects outcomes that belong to no round, and makes their findings.
public struct OutcomeAssembler: Sendable {
    private var cells = Numbering<Cell>()
    private var samples = Numbering<Sample>()
    /// The outcomes under the numbers of arrival.
    private var columns = OutcomeColumns()
    /// Cells of which an outcome has no latency: quantiles of the others would mislead.
    private var untimed: Set<Int32> = []
    private var repetitions: [SIMD2<Int32>: Int32] = [:]
    private var judges = JudgeAssembler()
    /// By cell, what its rows say of kinds and scale.
    private var rules: [Int32: CellRules] = [:]

    private struct Sample: Hashable, Comparable {
        var suite: SuiteName
        var name: String

        static func < (left: Self, right: Self) -> Bool {
            (left.suite.text, left.name) < (right.suite.text, right.name)
        }
    }

    public init() {}

    /// The number of outcomes.
    public var count: Int { columns.count }

    /// Takes one outcome, in any order; a sample's outcomes in one cell are its repetitions. Throws where it does not
    /// fit a column.
    public mutating func add(_ outcome: OutcomeRecord) throws {
        let cell = cells.number(of: Cell(suite: outcome.suite, configuration: outcome.configuration))
        let sample = samples.number(of: Sample(suite: outcome.suite, name: outcome.sample))
        let epoch = repetitions[SIMD2(cell, sample), default: 0]
        try rules[cell, default: CellRules()].add(outcome)
        try columns.append(
            OutcomeRow(
                FindingsInput(
                    cell: Int(cell),
                    sample: Int(sample),
                    epoch: Int(epoch),
                    kind: outcome.kind,
                    score: outcome.score,
                    usage: outcome.usage,
                    cost: outcome.cost,
                    latencyMicros: outcome.latencyMicros ?? 0
                )
            )
        )
        repetitions[SIMD2(cell, sample)] = epoch + 1
        if outcome.latencyMicros == nil { untimed.insert(cell) }
        judges.add(outcome, epoch: Int(epoch))
    }

    /// The findings of what was added.
    /// - Parameters:
    ///   - epochReducer: what the repetitions of a sample say together
    ///   - resamples: of the bootstrap of each cell; nil for no bootstrap
    ///   - permutations: draws of the sign-flip test of each comparison; nil for no such test
    ///   - seed: of the bootstrap and the draws of signs
    public func reduction(
        of sources: [ReductionDocument.Source],
        epochReducer: ParleyModel.EpochReducer = .mean,
        resamples: Int? = nil,
        permutations: Int? = nil,
        seed: UInt64 = 0
    ) throws -> ReductionDocument {
        let (cells, cellRanks) = cells.sorted {
            ($0.suite.text, $0.configuration.text) < ($1.suite.text, $1.configuration.text)
        }
        let (_, sampleRanks) = samples.sorted(by: <)
        var named = OutcomeColumns()
        named.reserve(columns.count)
        var planned = [Int64](repeating: 0, count: cells.count)
        for var row in (0..<columns.count).lazy.compactMap({ columns[$0] }) {
            row.cell = cellRanks[Int(row.cell)]
            row.sample = sampleRanks[Int(row.sample)]
            planned[Int(row.cell)] += 1
            try named.append(row)
        }
        var ranked = [CellRules](repeating: CellRules(), count: cells.count)
        for (number, rank) in cellRanks.enumerated() { ranked[Int(rank)] = rules[Int32(number)] ?? CellRules() }
        let withoutLatency = Set(untimed.map { cellRanks[Int($0)] })
        let reduction = try reduceRound(
            columns: [named],
            cells: cells.indices.map { rank in
                CellSpec(
                    planned: planned[rank],
                    treatments: ranked[rank].treatments,
                    scoreRange: ranked[rank].scoreRange,
                    epochReducer: ParleyReduction.EpochReducer(epochReducer),
                    identity: cells[rank].identity
                )
            },
            pairs: cells.pairsWithinSuites(),
            bootstrap: resamples.map { BootstrapPlan(resamples: $0, seed: seed) },
            permutations: permutations.map { PermutationPlan(draws: $0, seed: seed) },
            threads: availableProcessors()
        )
        return ReductionDocument(
            sources: sources,
            epochReducer: epochReducer == .mean ? nil : epochReducer,
            cells: zip(cells, reduction.findings).map { cell, finding in
                var record = CellRecord(cell, finding, flags: [])
                if withoutLatency.contains(Int32(finding.cell)) { record.latency = nil }
                return record
            },
            comparisons: reduction.comparisons.map { ComparisonRecord($0, cells: cells) },
            judges: try judges.records()
        )
    }
}

/// Numbers from 0 for values as they come.
private struct Numbering<Value: Hashable & Sendable>: Sendable {
    private var numbers: [Value: Int32] = [:]
    private var values: [Value] = []

    mutating func number(of value: Value) -> Int32 {
        if let number = numbers[value] { return number }
        let number = Int32(values.count)
        numbers[value] = number
        values.append(value)
        return number
    }

    /// The values in order, and by number each value's rank in it.
    func sorted(by isBefore: (Value, Value) -> Bool) -> (values: [Value], ranks: [Int32]) {
        let order = values.indices.sorted { isBefore(values[$0], values[$1]) }
        var ranks = [Int32](repeating: 0, count: values.count)
        for (rank, number) in order.enumerated() { ranks[number] = Int32(rank) }
        return (order.map { values[$0] }, ranks)
    }
}
