import Testing

// ElementaryFunctionTests.swift: exponentials, logarithms and gamma against mpmath.
@testable import ParleyReduction

@Suite("Elementary functions agree with mpmath")
struct ElementaryFunctionTests {
    @Test("exponential, within 1e-14", arguments: NumericsFixtures.exponentials)
    func exponentials(row: [Double]) {
        #expect(isClose(exponential(row[0]), row[1], relative: 1e-14), "\(exponential(row[0])) at \(row)")
    }

    @Test("natural logarithm, within 1e-15 of the scale", arguments: NumericsFixtures.logarithms)
    func logarithms(row: [Double]) {
        #expect(isClose(naturalLogarithm(row[0]), row[1], relative: 2e-15), "\(naturalLogarithm(row[0])) at \(row)")
    }

    @Test("logarithm of 1 + x, within 1e-15", arguments: NumericsFixtures.logarithmsOfOnePlus)
    func logarithmsOfOnePlus(row: [Double]) {
        #expect(isClose(logarithmOfOnePlus(row[0]), row[1], relative: 2e-15), "\(logarithmOfOnePlus(row[0])) at \(row)")
    }

    @Test("log-gamma, within 1e-13, near its zeros too", arguments: NumericsFixtures.logGammas)
    func logGammas(row: [Double]) {
        #expect(isClose(logGamma(row[0]), row[1], relative: 1e-13), "\(logGamma(row[0])) at \(row)")
    }

    @Test("limits and impossible arguments")
    func limits() {
        #expect(exponential(0) == 1)
        #expect(exponential(-800) == 0)
        #expect(exponential(800) == .infinity)
        #expect(exponential(.nan).isNaN)
        #expect(naturalLogarithm(1) == 0)
        #expect(naturalLogarithm(0) == -.infinity)
        #expect(naturalLogarithm(-1).isNaN)
        #expect(naturalLogarithm(.infinity) == .infinity)
        #expect(logGamma(1) == 0)
        #expect(logGamma(2) == 0)
        #expect(logGamma(0).isNaN)
    }

    @Test("nearest integer, ties to even")
    func nearest() {
        #expect([0.5, 1.5, 2.5, -0.5, -1.5, 7.49, -7.51].map(nearestInteger) == [0, 2, 2, 0, -2, 7, -8])
    }
}
