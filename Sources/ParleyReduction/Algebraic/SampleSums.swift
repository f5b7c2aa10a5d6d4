// SampleSums.swift: the algebraic aggregate: per (cell, sample) the number and the sum of the observations.
// From it come means, rates, their clustered standard errors and the paired comparisons, all by whole numbers until
// the last step. Slots ascend with the sample id, so that what walks over them walks in one order.

import ParleyDispatch

/// Observations per (cell, sample).
///
/// Sum and number of a sample share one word, `sum · 2¹⁶ + number`, so that a row costs one access to memory: 64 bits
/// while no sample's sum can pass 2⁴⁶ (scores up to 17), else 128.
public struct SampleSums: Aggregate {
    /// Dense accumulators by slot of the layout, in the one of the two arrays that the layout's scores need.
    public struct State: Sendable, Equatable {
        var narrow: LargeArray<Int64>
        var wide: LargeArray<Int128>

        /// The number of observations of a slot.
        @inline(__always)
        func count(_ slot: Int) -> Int64 {
            wide.isEmpty ? narrow[slot] & 0xFFFF : Int64(truncatingIfNeeded: wide[slot] & 0xFFFF)
        }

        /// The sum of the observations of a slot, in billionths.
        @inline(__always)
        func sum(_ slot: Int) -> Int64 {
            wide.isEmpty ? narrow[slot] >> 16 : Int64(truncatingIfNeeded: wide[slot] >> 16)
        }

        /// The number and the sum of the observations of a slot.
        func cluster(_ slot: Int) -> Cluster { Cluster(count: count(slot), sum: Int128(sum(slot))) }
    }

    /// The largest sum of a sample that 48 bits hold, with room for its sign.
    private static let narrowLimit: Int64 = 1 << 46

    let layout: ClusterLayout
    let isWide: Bool
    let narrowTable: ScoringTable<Int64>
    let wideTable: ScoringTable<Int128>

    /// Makes the aggregate.
    ///
    /// - Parameters:
    ///   - cells: the specification of every cell of the layout.
    ///   - layout: where each sample's accumulator lies.
    public init(cells: [CellSpec], layout: ClusterLayout) {
        precondition(cells.count == layout.cellCount, "the layout was made for another number of cells")
        self.layout = layout
        let largest = cells.reduce(layout.largestScore) { max($0, $1.largestStandIn) }
        isWide = largest > Self.narrowLimit / Int64(OutcomeColumns.epochLimit)
        narrowTable = ScoringTable(cells: isWide ? [] : cells)
        wideTable = ScoringTable(cells: isWide ? cells : [])
    }

    /// No observations anywhere.
    public func initialize() -> State {
        State(
            narrow: LargeArray(zeros: isWide ? 0 : layout.slotCount),
            wide: LargeArray(zeros: isWide ? layout.slotCount : 0)
        )
    }

    /// Adds the observations of the rows that enter the denominator.
    public func update(_ state: inout State, _ columns: OutcomeColumns, rows: Range<Int>) {
        if isWide {
            state.wide.withMutableSpan { add(to: &$0, wideTable, columns, rows: rows) }
        } else {
            state.narrow.withMutableSpan { add(to: &$0, narrowTable, columns, rows: rows) }
        }
    }

    private func add<Word>(
        to words: inout MutableSpan<Word>,
        _ table: ScoringTable<Word>,
        _ columns: OutcomeColumns,
        rows: Range<Int>
    ) {
        let cells = columns.cell.span
        let samples = columns.sample.span
        let marks = columns.mark.span
        let scores = columns.score.span
        let entries = table.entries.span
        let first = table.first.span
        let bases = layout.bases.span
        precondition(rows.lowerBound >= 0 && rows.upperBound <= columns.count, "rows of these columns")
        let isDense = layout.isDense
        for row in rows {
            // Unchecked: rows were checked above, cells and samples by the layout, marks on the way in.
            let cell = unsafe Int(cells[unchecked: row])
            let sample = unsafe samples[unchecked: row]
            let slot =
                isDense ? unsafe bases[unchecked: cell] &+ Int(sample) : layout.slot(cell: cell, sample: sample)
            let entry = unsafe entries[unchecked: Int(first[unchecked: cell]) &+ Int(marks[unchecked: row])]
            let score = unsafe Word(truncatingIfNeeded: scores[unchecked: row] & entry.mask)
            // Wrapping, because only more observations than epochs can overflow; `check` finds those by the count.
            unsafe words[unchecked: slot] &+= score << 16 &+ entry.addend
        }
    }

    /// Adds outcomes that came, and takes away those that went, which were added before.
    func add(_ deltas: [OutcomeDelta], to state: inout State) {
        if isWide {
            state.wide.withMutableSpan { add(deltas, to: &$0, wideTable) }
        } else {
            state.narrow.withMutableSpan { add(deltas, to: &$0, narrowTable) }
        }
    }

    private func add<Word>(_ deltas: [OutcomeDelta], to words: inout MutableSpan<Word>, _ table: ScoringTable<Word>) {
        for delta in deltas {
            let entry = table.entry(cell: delta.cell, mark: delta.outcome.mark)
            let word = table.word(entry, score: delta.outcome.score)
            words[layout.slot(cell: delta.cell, sample: delta.sample)] &+= word &* Word(delta.factor)
        }
    }

    /// Adds the observations of the other state, which must be of the same layout.
    public func combine(_ state: inout State, _ other: State) {
        Self.add(other.narrow, to: &state.narrow)
        Self.add(other.wide, to: &state.wide)
    }

    private static func add<Word: FixedWidthInteger>(_ other: LargeArray<Word>, to words: inout LargeArray<Word>) {
        other.withSpan { other in
            words.withMutableSpan { words in
                for slot in 0..<words.count { words[slot] &+= other[slot] }
            }
        }
    }

    /// The samples of one cell, ascending by id, with those that have no observation.
    func clusters(_ state: State, of cell: Int) -> some Collection<Cluster> {
        layout.slots(of: cell).lazy.map(state.cluster)
    }

    /// Refuses a cell of which a sample has more observations than a sample can have epochs: its sums may be wrong.
    ///
    /// - Parameter observations: the cell's observations by an independent count. 2¹⁶ of one sample would leave the
    ///   low bits of its word as they were, but not their sum over the cell.
    func check(_ state: State, cell: Int, observations: Int64) throws(ReductionError) {
        var seen: Int64 = 0
        var largest: (count: Int64, slot: Int)?
        for slot in layout.slots(of: cell) {
            let count = state.count(slot)
            seen += count
            if count > largest?.count ?? 0 { largest = (count, slot) }
        }
        guard seen != observations || largest?.count ?? 0 > Int64(OutcomeColumns.epochLimit) else { return }
        guard let largest, seen == observations else { throw .moreObservationsThanEpochs(cell: cell, sample: nil) }
        throw .moreObservationsThanEpochs(cell: cell, sample: layout.sample(cell: cell, slot: largest.slot))
    }
}
