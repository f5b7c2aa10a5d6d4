// SquareSum.swift: an exact sum of squares in 256 bits, so that a variance does not depend on the order of its terms.

/// Σ d² over whole numbers d. Holds 2³² terms of |d| < 2¹¹¹.
struct SquareSum: Sendable, Equatable {
    private(set) var high: UInt128 = 0
    private(set) var low: UInt128 = 0

    /// Whether every term was zero.
    var isZero: Bool { high == 0 && low == 0 }

    /// The Double nearest to the sum.
    var double: Double { nearestDouble(high: high, low: low) }

    /// Adds the square of `value`.
    mutating func add(squareOf value: Int128) {
        let magnitude = value.magnitude
        let square = magnitude.multipliedFullWidth(by: magnitude)
        high += square.high
        add(square.low)
    }

    /// Adds squares that were summed elsewhere.
    mutating func add(_ squares: UInt128) {
        let (sum, carry) = low.addingReportingOverflow(squares)
        low = sum
        high += carry ? 1 : 0
    }
}
