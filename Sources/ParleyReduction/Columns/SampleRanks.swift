// SampleRanks.swift: slots for samples whose ids are scattered: per cell the distinct ids in ascending order, and a hash
// table of open addressing from id to slot.
// The ids are moved together by cell first, so that each cell's distinct ids are found within the nearest cache.

import ParleyDispatch

/// The distinct sample ids of every cell.
struct SampleRanks: Sendable, Equatable {
    /// The first slot of each cell, and at the end the number of all slots.
    let offsets: [Int]
    /// The sample id of every slot, ascending within a cell.
    let samples: [Int32]
    /// By cell: the rank among its ids of the id of each of its rows, in the order of the rows.
    let rowRanks: [[Int32]]
    /// By cell: its part of the table, and the mask of a position in it.
    private let parts: [IDTable.Part]
    /// Of every cell a part of at least twice as many entries as it has ids.
    private let entries: [IDTable.Entry]

    init(cellCount: Int, columns: [OutcomeColumns], threads: Int) {
        let byCell = ScatteredByCell(cellCount: cellCount, columns: columns, threads: threads, source: SampleIDs())
        let found = parallelMap(count: cellCount, threads: threads) { cell in
            byCell.withElements(of: cell, DistinctSamples.init)
        }
        let distinct = found.map(\.samples)
        rowRanks = found.map(\.rowRanks)
        offsets = prefixSums(distinct.map(\.count))
        samples = distinct.flatMap { $0 }
        var start = 0
        parts = distinct.map { ids in
            let part = IDTable.Part(start: start, ids: ids.count)
            start += part.size
            return part
        }
        let (offsets, parts) = (offsets, parts)
        let filled = parallelMap(count: cellCount, threads: threads) { cell in
            IDTable.fill(distinct[cell], part: parts[cell], firstSlot: Int32(offsets[cell]))
        }
        entries = filled.flatMap { $0 }
    }

    /// The slot of a sample, or `nil` when the cell does not have it.
    @inline(__always)
    func slot(cell: Int, sample: Int32) -> Int? {
        let part = parts[cell]
        var position = IDTable.hash(sample) & part.mask
        while true {
            let entry = entries[part.start &+ position]
            if entry.sample == sample { return Int(entry.slot) }
            if entry.sample < 0 { return nil }
            position = (position &+ 1) & part.mask
        }
    }
}

/// Hash tables of sample ids, which are never negative.
enum IDTable {
    struct Entry: Sendable, Equatable {
        /// −1 where the entry is free.
        var sample: Int32
        var slot: Int32
    }

    struct Part: Sendable, Equatable {
        let start: Int
        let mask: Int

        var size: Int { mask + 1 }

        /// A part for so many ids, at most half full.
        init(start: Int, ids: Int) {
            self.start = start
            mask = (1 << (Int.bitWidth - max(1, ids * 2 - 1).leadingZeroBitCount)) - 1
        }
    }

    @inline(__always)
    static func hash(_ sample: Int32) -> Int {
        Int((UInt64(UInt32(bitPattern: sample)) &* 0x9E37_79B9_7F4A_7C15) >> 32)
    }

    /// The part of a cell, with its ids in their places.
    static func fill(_ ids: [Int32], part: Part, firstSlot: Int32) -> [Entry] {
        var entries = [Entry](repeating: Entry(sample: -1, slot: 0), count: part.size)
        for (rank, id) in ids.enumerated() {
            var position = hash(id) & part.mask
            while entries[position].sample >= 0 { position = (position + 1) & part.mask }
            entries[position] = Entry(sample: id, slot: firstSlot + Int32(rank))
        }
        return entries
    }
}

/// Of every row the sample id.
private struct SampleIDs: RowSource {
    @inline(__always)
    func element(_ columns: OutcomeColumns, row: Int) -> Int32 { columns.sample[row] }
}
