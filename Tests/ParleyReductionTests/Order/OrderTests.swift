// Imbalance between cells against a count by hand, and the test of drift against SciPy and NumPy.

import ParleyReduction
import Testing

@Suite("The executed order")
struct OrderTests {
    @Test("The imbalance is the largest gap of begun fractions, with what began together counted together")
    func imbalance() throws {
        // After 1: 1/4 and 0; after 2: 2/4 and 1/2; after 3: 3/4 and 1/2; after 9: all.
        let found = startImbalance([[1, 2, 3, 9], [2, 9]], planned: [4, 2])
        #expect(found?.gap == 0.25 && found?.atMicros == 1)
        #expect(startImbalance([[1, 2, 3, 9], [10, 11]], planned: [4, 2])?.gap == 1)
        #expect(startImbalance([[5, 5], [5, 5]], planned: [2, 2])?.gap == 0)
        #expect(startImbalance([[1, 2]], planned: [2]) == nil && startImbalance([[], []], planned: [1, 1]) == nil)
    }

    private func scores(_ rows: [(Int64, Int, Double)]) -> [TimedScore] {
        rows.map { TimedScore(startedAtMicros: $0.0, sample: $0.1, score: $0.2) }
    }

    private func near(_ value: Double?, _ expected: Double) -> Bool {
        value.map { ($0 - expected).magnitude <= 1e-9 * max(1, expected.magnitude) } ?? false
    }

    @Test("Of one epoch it is SciPy's regression on ranks, whatever the order of the outcomes")
    func once() throws {
        let rows: [(Int64, Int, Double)] = [
            (39, 0, 0.255), (32, 1, 0.815), (80, 2, 0.882), (71, 3, 0.982),
            (41, 4, 0.92), (99, 5, 1.043), (101, 6, 0.172), (80, 7, 0.253),
            (110, 8, 1.028), (114, 9, 0.724), (136, 10, 0.449), (156, 11, 0.437),
        ]
        let found = try #require(driftTest(scores(rows)))
        #expect(near(found.change, -0.16461403508771932) && near(found.pValue, 0.6114782038340223))
        #expect(driftTest(scores(rows.reversed())) == found && found.outcomes == 12)
    }

    @Test("Of several epochs it is least squares with a term for each sample")
    func repeated() throws {
        let rows: [(Int64, Int, Double)] = [
            (406, 0, 0.574), (41, 1, 0.786), (133, 2, 0.639), (74, 3, 1.566),
            (240, 0, 0.97), (376, 1, 0.678), (394, 2, 0.628), (250, 3, 1.709),
            (373, 0, 0.881), (466, 1, 0.847), (349, 2, 0.704), (288, 3, 1.465),
        ]
        let found = try #require(driftTest(scores(rows)))
        #expect(near(found.change, -0.11953532608695584) && near(found.pValue, 0.38841671811907225))
    }

    @Test("A planted change is found, a sample that is harder and ran later is none, and nothing is said of too little")
    func planted() throws {
        let moved = (0..<40).map { place -> (Int64, Int, Double) in (Int64(place), place, place < 20 ? 0 : 1) }
        let found = try #require(driftTest(scores(moved)))
        #expect(found.change > 1 && found.pValue < 1e-9)
        let hard = (0..<40).map { place -> (Int64, Int, Double) in
            let level = place < 24 ? 1.0 : 0.5
            return (Int64(place), place / 8, place % 2 == 0 ? level + 0.1 : level)
        }
        #expect(try #require(driftTest(scores(hard))).pValue > 0.05)
        #expect(driftTest(scores([(0, 0, 1), (1, 1, 0), (2, 2, 1)])) == nil)
        let same = (0..<9).map { place -> (Int64, Int, Double) in (Int64(place), place, 1) }
        let together = (0..<9).map { place -> (Int64, Int, Double) in (5, place, Double(place)) }
        #expect(driftTest(scores(same)) == nil && driftTest(scores(together)) == nil)
    }
}
