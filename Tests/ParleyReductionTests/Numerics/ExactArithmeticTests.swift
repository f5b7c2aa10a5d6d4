import Testing

// ExactArithmeticTests.swift: the step from exact integers to a Double rounds once, to nearest, ties to even.
@testable import ParleyReduction

@Suite("Exact integers become the nearest Double")
struct ExactArithmeticTests {
    @Test("wide integers round once, ties to even")
    func wide() {
        #expect(nearestDouble(0) == 0)
        #expect(nearestDouble(UInt128(1) << 100) == 0x1p100)
        // 2^53 + 1 is a tie and goes to even; one bit far below breaks it upwards.
        let tie = ((UInt128(1) << 53) + 1) << 70
        #expect(nearestDouble(tie) == 0x1p123)
        #expect(nearestDouble(tie + 1) == 0x1.0000000000001p123)
        #expect(nearestDouble(high: 1, low: 0) == 0x1p128)
        #expect(nearestDouble(high: 1 << 127, low: 0) == 0x1p255)
        let highTie = (UInt128(1) << 53) + 1
        #expect(nearestDouble(high: highTie, low: 0) == 0x1p181)
        #expect(nearestDouble(high: highTie, low: 1) == 0x1.0000000000001p181)
    }

    @Test("ratios of small integers equal IEEE division")
    func ratios() {
        let seed: UInt64 = 71
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            let numerator = Int64.random(in: -(1 << 53)...(1 << 53), using: &generator)
            let denominator = Int64.random(in: 1...(1 << 53), using: &generator)
            let found = nearestRatio(Int128(numerator), denominator)
            #expect(found == Double(numerator) / Double(denominator), "seed \(seed): \(numerator)/\(denominator)")
        }
        #expect(nearestRatio(0, 7) == 0)
        #expect(nearestRatio(-1, 3) == -1.0 / 3)
    }

    @Test("a sum of squares carries into its high half")
    func squares() {
        var sum = SquareSum()
        #expect(sum.isZero)
        for _ in 0..<4 { sum.add(squareOf: -(Int128(1) << 63)) }
        #expect(sum.high == 1)
        #expect(sum.low == 0)
        #expect(sum.double == 0x1p128)
    }

    @Test("fixed-point scores are the nearest billionths, and what cannot be one is refused")
    func billionths() {
        #expect(Billionths.nearest(to: 0.1) == 100_000_000)
        #expect(Billionths.nearest(to: -1) == -Billionths.one)
        #expect(Billionths.nearest(to: 1.0 / 3) == 333_333_333)
        #expect(Billionths.nearest(to: 2.0 / 3) == 666_666_667)
        #expect(Billionths.nearest(to: 1_000_000) == Billionths.scoreLimit)
        #expect(Billionths.nearest(to: 1_000_000.5) == nil)
        #expect(Billionths.nearest(to: .nan) == nil)
        #expect(Billionths.nearest(to: -.infinity) == nil)
        // 0.5^10 · 10^9 = 976562.5 exactly: a tie, to even.
        #expect(Billionths.nearest(to: 0.0009765625) == 976_562)
        #expect(Billionths.nearest(to: 3 * 0.0009765625) == 2_929_688)
        #expect(Billionths.double(250_000_000) == 0.25)
        #expect(Billionths.double(-1) == -1e-9)
    }
}
