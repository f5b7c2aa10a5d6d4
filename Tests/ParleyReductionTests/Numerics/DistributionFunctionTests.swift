import Testing

// DistributionFunctionTests.swift: incomplete beta and gamma, normal, Student and chi-square distributions against mpmath.
@testable import ParleyReduction

@Suite("Distribution functions agree with mpmath")
struct DistributionFunctionTests {
    @Test("incomplete beta and its complement, within 1e-13", arguments: NumericsFixtures.incompleteBetas)
    func incompleteBetas(row: [Double]) {
        let both = regularizedIncompleteBeta(a: row[0], b: row[1], x: row[2], y: row[3])
        // The side that is not computed directly is one minus the other: absolute accuracy of its own size only.
        let scale = 1e-13 * max(1, 1e-3 / min(row[4], row[5]))
        let smaller = both.value < both.complement ? (both.value, row[4]) : (both.complement, row[5])
        let larger = both.value < both.complement ? (both.complement, row[5]) : (both.value, row[4])
        #expect(isClose(larger.0, larger.1, relative: 1e-13), "\(both) at \(row)")
        #expect(isClose(smaller.0, smaller.1, relative: max(1e-13, min(scale, 1e-12))), "\(both) at \(row)")
    }

    @Test("normal distribution, within 1e-13 on both tails", arguments: NumericsFixtures.normalCumulatives)
    func normalCumulatives(row: [Double]) {
        #expect(isClose(normalCumulative(row[0]), row[1], relative: 1e-13), "\(normalCumulative(row[0])) at \(row)")
    }

    @Test("normal quantile, within 1e-13", arguments: NumericsFixtures.normalQuantiles)
    func normalQuantiles(row: [Double]) {
        #expect(isClose(normalQuantile(row[0]), row[1], relative: 1e-13), "\(normalQuantile(row[0])) at \(row)")
    }

    @Test("Student distribution, within 1e-13", arguments: NumericsFixtures.studentCumulatives)
    func studentCumulatives(row: [Double]) {
        let found = studentCumulative(row[0], degrees: row[1])
        #expect(isClose(found, row[2], relative: 1e-13), "\(found) at \(row)")
    }

    @Test("Student quantile, within 1e-13", arguments: NumericsFixtures.studentQuantiles)
    func studentQuantiles(row: [Double]) {
        let found = studentQuantile(row[0], degrees: row[1])
        #expect(isClose(found, row[2], relative: 1e-13), "\(found) at \(row)")
    }

    @Test("chi-square's upper tail, within 1e-12", arguments: RollUpFixtures.chiSquares)
    func chiSquares(row: [Double]) {
        let found = chiSquareUpperTail(row[0], degrees: row[1])
        #expect(isClose(found, row[2], relative: 1e-12), "\(found) at \(row)")
    }

    @Test("incomplete gamma at the ends")
    func gammaEnds() {
        #expect(chiSquareUpperTail(0, degrees: 3) == 1)
        #expect(chiSquareUpperTail(.infinity, degrees: 3) == 0)
        #expect(chiSquareUpperTail(1e6, degrees: 3) == 0)
        #expect(regularizedIncompleteGamma(a: 2, x: 0) == Complementary(value: 0, complement: 1))
    }

    @Test("quantiles at the ends and in the middle")
    func ends() {
        #expect(normalQuantile(0.5) == 0)
        #expect(normalQuantile(0) == -.infinity)
        #expect(normalQuantile(1) == .infinity)
        #expect(normalQuantile(1.5).isNaN)
        #expect(studentQuantile(0.5, degrees: 3) == 0)
        #expect(studentQuantile(1, degrees: 3) == .infinity)
        #expect(studentTwoSided(0, degrees: 5) == 1)
        #expect(studentTwoSided(.infinity, degrees: 5) == 0)
    }
}
