import Testing

// ProductSumTests.swift: sums of products against 128-bit integers where these hold them, and against identities.
@testable import ParleyReduction

@Suite("Sums of products are exact")
struct ProductSumTests {
    @Test("and equal 128-bit sums where these suffice", arguments: 1...20 as ClosedRange<UInt64>)
    func small(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var sum = ProductSum()
        var expected: Int128 = 0
        for _ in 0..<200 {
            let first = Int128(Int64.random(in: -(1 << 58)...(1 << 58), using: &generator))
            let second = Int128(Int64.random(in: -(1 << 58)...(1 << 58), using: &generator))
            if generator.flip(0.5) {
                sum.add(first, times: second)
                expected += first * second
            } else {
                sum.subtract(first, times: second)
                expected -= first * second
            }
            let magnitude = nearestDouble(expected.magnitude)
            #expect(sum.double == (expected < 0 ? -magnitude : magnitude), "seed \(seed)")
        }
    }

    @Test("so that what is added and taken away again leaves zero, in any order")
    func cancels() {
        let large = Int128(1) << 100
        var sum = ProductSum()
        sum.add(large, times: large)
        sum.subtract(large + 1, times: large)
        sum.add(-3, times: -large)
        #expect(sum.double == 2 * 0x1p100)
        sum.subtract(2, times: large)
        #expect(sum.isZero)
        #expect(sum == ProductSum())
        #expect(sum.double == 0)
    }

    @Test("and round once, to the nearest")
    func rounding() {
        var sum = ProductSum()
        sum.add(-(Int128(1) << 110), times: Int128(1) << 110)
        #expect(sum.double == -0x1p220)
        sum.add(1, times: 1)
        #expect(sum.double == -0x1p220)
        #expect(roundedQuotient(-1, 3) == -1.0 / 3)
        #expect(roundedQuotient(Int128(1) << 120, Int128(1) << 121) == 0.5)
    }
}
