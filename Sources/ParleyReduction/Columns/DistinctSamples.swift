// DistinctSamples.swift: the distinct sample ids of one cell in ascending order, and each row's place among them, by one
// search a row.

/// The distinct ids among the rows of a cell.
struct DistinctSamples: Sendable {
    /// Ascending.
    let samples: [Int32]
    /// By row: the rank of its id, from 0.
    let rowRanks: [Int32]

    /// - Parameter ids: those of the rows, none negative.
    init(_ ids: Span<Int32>) {
        var table = GrowingIDTable()
        var rowRanks = [Int32](repeating: 0, count: ids.count)
        for row in ids.indices { rowRanks[row] = table.number(ids[row]) }
        let order = table.found.indices.sorted { [found = table.found] in found[$0] < found[$1] }
        var ranks = [Int32](repeating: 0, count: order.count)
        for (rank, number) in order.enumerated() { ranks[number] = Int32(truncatingIfNeeded: rank) }
        for row in rowRanks.indices { rowRanks[row] = ranks[Int(rowRanks[row])] }
        samples = order.map { [found = table.found] in found[$0] }
        self.rowRanks = rowRanks
    }
}

/// A hash table that numbers ids as it meets them.
private struct GrowingIDTable {
    /// The ids by number.
    private(set) var found: [Int32] = []
    /// `slot` is the number.
    private var entries: [IDTable.Entry]
    private var mask: Int

    init() {
        mask = 1_023
        entries = [IDTable.Entry](repeating: IDTable.Entry(sample: -1, slot: 0), count: mask + 1)
    }

    /// The number of an id, a new one if need be.
    @inline(__always)
    mutating func number(_ id: Int32) -> Int32 {
        var position = IDTable.hash(id) & mask
        while entries[position].sample != id {
            if entries[position].sample < 0 { return insert(id, at: position) }
            position = (position &+ 1) & mask
        }
        return entries[position].slot
    }

    private mutating func insert(_ id: Int32, at position: Int) -> Int32 {
        let number = Int32(truncatingIfNeeded: found.count)
        entries[position] = IDTable.Entry(sample: id, slot: number)
        found.append(id)
        // At most a quarter full: most searches end where they begin.
        if found.count * 4 > mask { grow() }
        return number
    }

    private mutating func grow() {
        mask = mask * 2 + 1
        entries = [IDTable.Entry](repeating: IDTable.Entry(sample: -1, slot: 0), count: mask + 1)
        for (number, id) in found.enumerated() {
            var position = IDTable.hash(id) & mask
            while entries[position].sample >= 0 { position = (position + 1) & mask }
            entries[position] = IDTable.Entry(sample: id, slot: Int32(truncatingIfNeeded: number))
        }
    }
}
