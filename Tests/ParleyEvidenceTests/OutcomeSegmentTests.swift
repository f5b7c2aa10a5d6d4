// Segments: what is packed comes back, in few bytes, and damage is refused.

import ParleyModel
import ParleyReduction
import Testing

@testable import ParleyEvidence

@Suite("Outcome segments")
struct OutcomeSegmentTests {
    private func outcomes(_ count: Int, seed: UInt64) -> [FindingsInput] {
        var state = seed
        func draw(_ bound: UInt64) -> Int64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int64((state >> 33) % bound)
        }
        return (0..<count).map { number in
            let kind = OutcomeKind.allCases[Int(draw(8))]
            return FindingsInput(
                cell: 5,
                sample: number % 500,
                epoch: number / 500 + 1,
                kind: kind,
                score: kind == .scored ? Score(billionths: draw(3) * 500_000_000 - (draw(50) == 0 ? 1 << 40 : 0)) : nil,
                usage: Usage(input: draw(4000), output: draw(900), cacheRead: draw(300), reasoning: draw(70_000)),
                cost: Money(billionths: draw(1 << 40)),
                latencyMicros: draw(600_000_000)
            )
        }
    }

    @Test("What is packed comes back", arguments: [0, 1, 2, 999, 20_000])
    func roundTrip(count: Int) throws {
        let outcomes = outcomes(count, seed: UInt64(count))
        let packed = try OutcomeSegment.pack(outcomes, cell: 5, latestMicros: -3, modelsReturned: ["b", "ä"])
        let segment = try OutcomeSegment(unpacking: packed)
        #expect(segment.cell == 5)
        #expect(segment.latestMicros == -3)
        #expect(segment.modelsReturned == ["b", "ä"])
        #expect(segment.columns == (try OutcomeColumns(outcomes.map { OutcomeRow($0) })))
        if count == 20_000 { #expect(packed.count < 20 * count) }
    }

    @Test("A segment that is cut anywhere is refused")
    func cut() throws {
        let plain = try BlobStore().load(
            OutcomeSegment.pack(outcomes(40, seed: 1), cell: 5, latestMicros: 1, modelsReturned: ["m"])
        )
        for length in 0..<plain.count {
            let cut = try BlobStore().store(Array(plain.prefix(length)))
            #expect(throws: (any Error).self, "cut at \(length)") { try OutcomeSegment(unpacking: cut) }
        }
    }
}
