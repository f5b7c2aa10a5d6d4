// ClusterLayout.swift: where the accumulator of (cell, sample) lies in one flat array.
// Dense when the sample ids of each cell fill their span well, else ranked: the distinct ids of each cell in order,
// found through a hash table. Either way a slot depends on the set of ids alone, never on the order of the rows, and
// slots ascend with the sample id.

import ParleyDispatch

/// The map from (cell, sample) to a slot. Partial states can be combined when they were made for one layout.
public struct ClusterLayout: Sendable, Equatable {
    /// The number of cells.
    public let cellCount: Int
    /// The largest absolute score of the rows that were laid out.
    let largestScore: Int64
    /// The first slot of each cell, and at the end the number of all slots.
    let offsets: [Int]
    /// Dense layout: by cell, what is added to a sample id to get its slot.
    let bases: [Int]
    /// Ranked layout: the distinct ids of every cell.
    private let ranks: SampleRanks?

    /// Slots that are granted to any round, however few its rows.
    private static let freeSlots = 65_536
    /// Slots per row up to which an array with holes is better than a search.
    private static let slotsPerRow = 8

    /// Lays out all samples that occur in the columns.
    ///
    /// - Parameters:
    ///   - cellCount: the number of cells.
    ///   - columns: all rows that will be reduced.
    ///   - threads: the most threads to use; the layout does not depend on it.
    /// - Throws: ``ReductionError/unknownCell(cell:cellCount:)`` when a row names a cell beyond `cellCount`.
    public init(cellCount: Int, columns: [OutcomeColumns], threads: Int = 1) throws(ReductionError) {
        let bounds = columns.reduce(ColumnBounds()) { $0.union($1.bounds) }
        guard Int(bounds.highestCell) < cellCount else {
            throw .unknownCell(cell: bounds.highestCell, cellCount: cellCount)
        }
        let rows = columns.reduce(0) { $0 + $1.count }
        self.cellCount = cellCount
        largestScore = bounds.largestScore
        // Where the span of all cells together does, no row needs to be read.
        let width = max(0, Int(bounds.highestSample) - Int(bounds.lowestSample) + 1)
        if width.multipliedReportingOverflow(by: cellCount).partialValue <= max(Self.freeSlots, rows) / 2 {
            offsets = (0...cellCount).map { $0 * width }
            bases = offsets.map { $0 - Int(bounds.lowestSample) }
            ranks = nil
            return
        }
        let spans = sampleSpans(cellCount: cellCount, columns: columns, threads: threads)
        if spans.reduce(0, { $0 + $1.count }) <= max(Self.freeSlots, rows * Self.slotsPerRow) {
            offsets = prefixSums(spans.map(\.count))
            bases = zip(offsets, spans).map { $0 - $1.lowerBound }
            ranks = nil
        } else {
            let ranks = SampleRanks(cellCount: cellCount, columns: columns, threads: threads)
            offsets = ranks.offsets
            bases = []
            self.ranks = ranks
        }
    }

    /// Lays out all samples that are planned, before any outcome is known.
    init(plan: [CellPlan]) {
        cellCount = plan.count
        // Any score may come.
        largestScore = Billionths.scoreLimit
        offsets = prefixSums(plan.map { Int($0.samples) })
        bases = Array(offsets.dropLast())
        ranks = nil
    }

    /// Whether ``bases`` alone give the slots.
    var isDense: Bool { ranks == nil }

    /// The number of slots of all cells.
    var slotCount: Int { offsets[cellCount] }

    /// The slots of a cell, ascending with the sample id.
    func slots(of cell: Int) -> Range<Int> { offsets[cell]..<offsets[cell + 1] }

    /// The slot of a sample that is known to occur in the cell.
    @inline(__always)
    func slot(cell: Int, sample: Int32) -> Int {
        ranks?.slot(cell: cell, sample: sample) ?? bases[cell] + Int(sample)
    }

    /// The slot of a sample, or `nil` when the cell has none for it.
    func slotIfPresent(cell: Int, sample: Int32) -> Int? {
        if let ranks { return ranks.slot(cell: cell, sample: sample) }
        let slot = bases[cell] + Int(sample)
        return slots(of: cell).contains(slot) ? slot : nil
    }

    /// Ranked layout: of each of the cell's rows that were laid out, in their order, the slot less the cell's first.
    func rowRanks(of cell: Int) -> [Int32] { ranks?.rowRanks[cell] ?? [] }

    /// The sample id of one of the cell's slots.
    func sample(cell: Int, slot: Int) -> Int32 { ranks?.samples[slot] ?? Int32(slot - bases[cell]) }
}

/// By cell, the range of the sample ids that occur.
private func sampleSpans(cellCount: Int, columns: [OutcomeColumns], threads: Int) -> [Range<Int>] {
    let partial = foldRows(of: columns, threads: threads) {
        (
            lowest: [Int32](repeating: .max, count: cellCount),
            highest: [Int32](repeating: -1, count: cellCount)
        )
    } body: { state, part, rows in
        for row in rows {
            let cell = Int(part.cell[row])
            state.lowest[cell] = min(state.lowest[cell], part.sample[row])
            state.highest[cell] = max(state.highest[cell], part.sample[row])
        }
    }
    return (0..<cellCount).map { cell in
        let low = partial.reduce(.max) { min($0, $1.lowest[cell]) }
        let high = partial.reduce(-1) { max($0, $1.highest[cell]) }
        return high < 0 ? 0..<0 : Int(low)..<Int(high) + 1
    }
}
