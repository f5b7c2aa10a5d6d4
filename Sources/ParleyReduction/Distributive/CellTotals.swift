// CellTotals.swift: the distributive aggregate: counts by kind, sums of tokens and of cost, for all cells at once.
// Every field of the state is a sum of integers; combining is addition.

/// Counts and sums by cell.
public struct CellTotals: Aggregate {
    /// What is added up in a cell, beside the counts.
    struct Sums: Sendable, Equatable {
        var tokens = SIMD4<Int64>()
        var cost: Int128 = 0
    }

    /// Dense accumulators.
    public struct State: Sendable, Equatable {
        /// By cell × mark.
        var counts: [Int64]
        /// By cell.
        var sums: [Sums]
    }

    /// What one cell comes to.
    public struct Totals: Sendable, Equatable {
        /// Outcomes by kind.
        public var finished: KindCounts
        /// Those of them that have no score, by kind.
        public var scoreless: KindCounts
        /// Those of them whose score is neither 0 nor 1, by kind.
        public var graded: KindCounts
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
            counts: [Int64](repeating: 0, count: cellCount * OutcomeMark.count),
            sums: [Sums](repeating: Sums(), count: cellCount)
        )
    }

    /// Counts and adds the rows.
    public func update(_ state: inout State, _ columns: OutcomeColumns, rows: Range<Int>) {
        let cells = columns.cell.span
        let marks = columns.mark.span
        let tokens = columns.tokens.span
        let costs = columns.cost.span
        precondition(rows.lowerBound >= 0 && rows.upperBound <= columns.count, "rows of these columns")
        // Unchecked: rows were checked above, cells by the layout, marks on the way in.
        var counts = state.counts.mutableSpan
        for row in rows {
            let first = unsafe Int(cells[unchecked: row]) &* OutcomeMark.count
            unsafe counts[unchecked: first &+ Int(marks[unchecked: row])] &+= 1
        }
        var sums = state.sums.mutableSpan
        for row in rows {
            let cell = unsafe Int(cells[unchecked: row])
            unsafe sums[unchecked: cell].tokens &+= SIMD4(truncatingIfNeeded: tokens[unchecked: row])
            unsafe sums[unchecked: cell].cost &+= Int128(costs[unchecked: row])
        }
    }

    /// Adds outcomes that came, and takes away those that went, which were added before.
    func add(_ deltas: [OutcomeDelta], to state: inout State) {
        for delta in deltas {
            let (outcome, factor) = (delta.outcome, Int64(delta.factor))
            state.counts[delta.cell * OutcomeMark.count + Int(outcome.mark)] += factor
            state.sums[delta.cell].tokens &+= outcome.tokens &* factor
            state.sums[delta.cell].cost += Int128(outcome.cost * factor)
        }
    }

    /// Adds the sums of the other state.
    public func combine(_ state: inout State, _ other: State) {
        for index in state.counts.indices { state.counts[index] += other.counts[index] }
        for cell in state.sums.indices {
            state.sums[cell].tokens &+= other.sums[cell].tokens
            state.sums[cell].cost += other.sums[cell].cost
        }
    }

    /// The totals of one cell.
    func totals(_ state: State, of cell: Int) -> Totals {
        func count(_ kind: KindCode, _ form: OutcomeMark.Form) -> Int64 {
            state.counts[cell * OutcomeMark.count + OutcomeMark.index(kind, form)]
        }
        let sums = state.sums[cell]
        return Totals(
            finished: KindCounts { count($0, .none) + count($0, .binary) + count($0, .graded) },
            scoreless: KindCounts { count($0, .none) },
            graded: KindCounts { count($0, .graded) },
            tokens: TokenSums(
                input: sums.tokens[0],
                output: sums.tokens[1],
                cached: sums.tokens[2],
                reasoning: sums.tokens[3]
            ),
            cost: sums.cost
        )
    }
}
