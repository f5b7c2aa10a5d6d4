// ClusterLayout.swift: where the accumulator of (cell, sample) lies in one flat array.
// Dense when the sample ids of each cell fill their span well, else ranked through the sorted distinct ids. Either
// way a slot depends on the set of ids alone, never on the order of the rows, and slots ascend with the sample id.

/// The map from (cell, sample) to a slot. Partial states can be combined when they were made for one layout.
public struct ClusterLayout: Sendable, Equatable {
    /// The number of cells.
    public let cellCount: Int
    /// The first slot of each cell, and at the end the number of all slots.
    let offsets: [Int]
    /// Dense layout: the sample id of each cell's first slot.
    private let firstSample: [Int32]
    /// Ranked layout: the sample id of every slot, ascending within a cell. Empty in the dense layout.
    private let rankedSamples: [Int32]

    /// Slots that are granted to any round, however few its rows.
    private static let freeSlots = 65_536
    /// Slots per row up to which an array with holes is better than a search.
    private static let slotsPerRow = 8

    /// Lays out all samples that occur in the columns.
    ///
    /// - Throws: ``ReductionError/unknownCell(cell:cellCount:)`` when a row names a cell beyond `cellCount`.
    public init(cellCount: Int, columns: [OutcomeColumns]) throws(ReductionError) {
        var lowest = [Int32](repeating: .max, count: cellCount)
        var highest = [Int32](repeating: -1, count: cellCount)
        var rows = 0
        for part in columns {
            rows += part.count
            for row in 0..<part.count {
                let cell = Int(part.cell[row])
                guard cell < cellCount else {
                    throw .unknownCell(cell: part.cell[row], cellCount: cellCount)
                }
                lowest[cell] = min(lowest[cell], part.sample[row])
                highest[cell] = max(highest[cell], part.sample[row])
            }
        }
        let spans = zip(lowest, highest).map { low, high in high < 0 ? 0 : Int(high) - Int(low) + 1 }
        self.cellCount = cellCount
        self.firstSample = lowest
        if spans.reduce(0, +) <= max(Self.freeSlots, rows * Self.slotsPerRow) {
            self.rankedSamples = []
            self.offsets = Self.prefixSums(spans)
        } else {
            let distinct = Self.distinctSamples(cellCount: cellCount, columns: columns)
            self.rankedSamples = distinct.flatMap { $0 }
            self.offsets = Self.prefixSums(distinct.map(\.count))
        }
    }

    /// The number of slots of all cells.
    var slotCount: Int { offsets[cellCount] }

    /// The slots of a cell, ascending with the sample id.
    func slots(of cell: Int) -> Range<Int> { offsets[cell]..<offsets[cell + 1] }

    /// The slot of a sample that is known to occur in the cell.
    @inline(__always)
    func slot(cell: Int, sample: Int32) -> Int {
        if rankedSamples.isEmpty { return offsets[cell] + (Int(sample) - Int(firstSample[cell])) }
        return rank(of: sample, in: slots(of: cell))
    }

    /// The slot of a sample, or `nil` when the cell has none for it.
    func slotIfPresent(cell: Int, sample: Int32) -> Int? {
        let range = slots(of: cell)
        guard !range.isEmpty, sample >= firstSample[cell] else { return nil }
        let slot = slot(cell: cell, sample: sample)
        guard slot < range.upperBound, self.sample(cell: cell, slot: slot) == sample else { return nil }
        return slot
    }

    /// The sample id of one of the cell's slots.
    func sample(cell: Int, slot: Int) -> Int32 {
        if rankedSamples.isEmpty { return firstSample[cell] + Int32(slot - offsets[cell]) }
        return rankedSamples[slot]
    }

    /// The first slot in the range whose sample id is not below `sample`.
    private func rank(of sample: Int32, in range: Range<Int>) -> Int {
        var low = range.lowerBound
        var high = range.upperBound
        while low < high {
            let middle = low + (high - low) / 2
            if rankedSamples[middle] < sample { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func prefixSums(_ counts: [Int]) -> [Int] {
        var sums = [0]
        sums.reserveCapacity(counts.count + 1)
        for count in counts { sums.append(sums[sums.count - 1] + count) }
        return sums
    }

    private static func distinctSamples(cellCount: Int, columns: [OutcomeColumns]) -> [[Int32]] {
        var samples = [[Int32]](repeating: [], count: cellCount)
        for part in columns {
            for row in 0..<part.count { samples[Int(part.cell[row])].append(part.sample[row]) }
        }
        return samples.map { all in
            var distinct: [Int32] = []
            for sample in all.sorted() where distinct.last != sample { distinct.append(sample) }
            return distinct
        }
    }
}
