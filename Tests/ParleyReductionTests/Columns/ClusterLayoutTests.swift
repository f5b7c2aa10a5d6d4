import Testing

// ClusterLayoutTests.swift: every sample has one slot, dense or ranked, whatever the ids look like.
@testable import ParleyReduction

@Suite("Cluster layout")
struct ClusterLayoutTests {
    private func layout(_ samples: [[Int32]]) throws -> ClusterLayout {
        var columns = OutcomeColumns()
        for (cell, ids) in samples.enumerated() {
            for id in ids { try columns.append(OutcomeRow(cell: Int32(cell), sample: id, kind: .scored, score: nil)) }
        }
        return try ClusterLayout(cellCount: samples.count, columns: [columns])
    }

    @Test(
        "gives each sample its own slot, ascending with the id",
        arguments: [
            [[5, 3, 4, 3], [], [0]],
            [[.max, 0, 17], [2, .max], [.max - 1]],
            [[1_000_000_000, 2, 1_000_000_000, 3]],
        ] as [[[Int32]]]
    )
    func slots(samples: [[Int32]]) throws {
        let layout = try layout(samples)
        for (cell, ids) in samples.enumerated() {
            let sorted = Set(ids).sorted()
            let slots = sorted.map { layout.slot(cell: cell, sample: $0) }
            #expect(Set(slots).count == sorted.count)
            #expect(slots == slots.sorted())
            #expect(slots.allSatisfy { layout.slots(of: cell).contains($0) })
            #expect(zip(slots, sorted).allSatisfy { layout.sample(cell: cell, slot: $0) == $1 })
            #expect(sorted.allSatisfy { layout.slotIfPresent(cell: cell, sample: $0) != nil })
        }
    }

    @Test("does not spend memory on the holes between scattered ids")
    func scattered() throws {
        let layout = try layout([[0, .max], [7]])
        #expect(layout.slotCount == 3)
        #expect(layout.slotIfPresent(cell: 0, sample: 5) == nil)
        #expect(layout.slotIfPresent(cell: 1, sample: 6) == nil)
        #expect(layout.slotIfPresent(cell: 1, sample: 8) == nil)
    }

    @Test("refuses a cell that the round does not have")
    func unknownCell() throws {
        let columns = try OutcomeColumns([OutcomeRow(cell: 3, sample: 0, kind: .scored, score: nil)])
        #expect(throws: ReductionError.unknownCell(cell: 3, cellCount: 3)) {
            try ClusterLayout(cellCount: 3, columns: [columns])
        }
    }
}
