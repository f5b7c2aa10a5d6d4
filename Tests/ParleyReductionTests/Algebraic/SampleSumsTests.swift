import Testing

// SampleSumsTests.swift: sums that are made cell by cell are those that are made row by row.
@testable import ParleyReduction

@Suite("Sample sums")
struct SampleSumsTests {
    @Test(
        "of scattered ids are the same cell by cell as row by row",
        arguments: 1...6 as ClosedRange<UInt64>,
        [1, 1_000_000]
    )
    func byCell(seed: UInt64, scale: Int64) throws {
        var rows = RandomRound(seed: seed, samples: 700, sampleStride: 3_000_000).rows
        // Scores beyond 17 need the wide words.
        for index in rows.indices where rows[index].score != nil { rows[index].score? *= scale }
        var generator = SeededGenerator(seed: seed)
        rows.shuffle(using: &generator)
        let columns = try [OutcomeColumns(rows.prefix(1_234)), OutcomeColumns(rows.dropFirst(1_234))]
        let cells = RandomRound.cells(planned: 10_000) + [CellSpec](repeating: CellSpec(planned: 0), count: 5)
        for threads in [1, 2, 4] {
            let layout = try ClusterLayout(cellCount: cells.count, columns: columns, threads: threads)
            let sums = SampleSums(cells: cells, layout: layout)
            #expect(!layout.isDense)
            #expect(sums.isFoldedByCell(threads: threads))
            var expected = sums.initialize()
            for part in columns { sums.update(&expected, part, rows: 0..<part.count) }
            let found = sums.foldByCell(columns, threads: threads)
            #expect(found == expected, "seed \(seed), \(threads) threads")
        }
    }
}
