// CellTotals.swift: the distributive aggregate: counts by kind, sums of tokens and of cost, for all cells at once.
// Every field of the state is a sum of integers; combining is addition.

/// Counts and sums by cell.
public struct CellTotals: Aggregate {
    /// Dense accumulators, by cell, or by cell × kind where the name says so.
    public struct State: Sendable, Equatable {
        var finishedByKind: [Int64]
        var scorelessByKind: [Int64]
        var tokens: [TokenSums]
        var cost: [Int128]
    }

    /// What one cell comes to.
    public struct Totals: Sendable, Equatable {
        /// Outcomes by kind.
        public var finished: KindCounts
        /// Those of them that have no score, by kind.
        public var scoreless: KindCounts
        /// Tokens of all outcomes.
        public var tokens: TokenSums
        /// Cost of all outcomes, in billionths of the round's currency.
        public var cost: Int128
    }

    /// The number of cells.
    public let cellCount: Int

    /// Makes the aggregate for cells `0 ..< cellCount`.
    public init(cellCount: Int) {
        self.cellCount = cellCount
    }

    /// All sums zero.
    public func initialize() -> State {
        State(
            finishedByKind: [Int64](repeating: 0, count: cellCount * KindCode.count),
            scorelessByKind: [Int64](repeating: 0, count: cellCount * KindCode.count),
            tokens: [TokenSums](repeating: TokenSums(), count: cellCount),
            cost: [Int128](repeating: 0, count: cellCount)
        )
    }

    /// Counts and adds the rows.
    public func update(_ state: inout State, _ columns: OutcomeColumns, rows: Range<Int>) {
        for row in rows {
            let cell = Int(columns.cell[row])
            let index = cell * KindCode.count + Int(columns.kind[row])
            state.finishedByKind[index] += 1
            state.scorelessByKind[index] += Int64(1 - columns.scored[row])
            state.tokens[cell].input += columns.tokensIn[row]
            state.tokens[cell].output += columns.tokensOut[row]
            state.tokens[cell].cached += columns.tokensCached[row]
            state.tokens[cell].reasoning += columns.tokensReasoning[row]
            state.cost[cell] += Int128(columns.cost[row])
        }
    }

    /// Adds the sums of the other state.
    public func combine(_ state: inout State, _ other: State) {
        for index in state.finishedByKind.indices {
            state.finishedByKind[index] += other.finishedByKind[index]
            state.scorelessByKind[index] += other.scorelessByKind[index]
        }
        for cell in 0..<cellCount {
            state.tokens[cell].input += other.tokens[cell].input
            state.tokens[cell].output += other.tokens[cell].output
            state.tokens[cell].cached += other.tokens[cell].cached
            state.tokens[cell].reasoning += other.tokens[cell].reasoning
            state.cost[cell] += other.cost[cell]
        }
    }

    /// The totals of every cell, by index.
    public func finalize(_ state: State) -> [Totals] {
        (0..<cellCount).map { cell in
            let base = cell * KindCode.count
            return Totals(
                finished: KindCounts { state.finishedByKind[base + Int($0.rawValue)] },
                scoreless: KindCounts { state.scorelessByKind[base + Int($0.rawValue)] },
                tokens: state.tokens[cell],
                cost: state.cost[cell]
            )
        }
    }
}
