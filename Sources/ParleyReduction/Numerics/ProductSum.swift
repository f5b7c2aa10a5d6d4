// ProductSum.swift: an exact signed sum of products in 256 bits, for covariances and for other differences that cancel.

/// Σ a·b over whole numbers, in two's complement. Holds every sum between −2²⁵⁵ and 2²⁵⁵, whatever its parts were.
struct ProductSum: Sendable, Equatable {
    private var high: UInt128 = 0
    private var low: UInt128 = 0

    /// Whether the sum is zero.
    var isZero: Bool { high == 0 && low == 0 }

    /// The Double nearest to the sum.
    var double: Double {
        guard high >> 127 == 1 else { return nearestDouble(high: high, low: low) }
        var negated = ProductSum()
        negated.subtract(high: high, low: low)
        return -nearestDouble(high: negated.high, low: negated.low)
    }

    /// Adds `first` · `second`.
    mutating func add(_ first: Int128, times second: Int128) {
        let product = first.magnitude.multipliedFullWidth(by: second.magnitude)
        if (first < 0) == (second < 0) {
            add(high: product.high, low: product.low)
        } else {
            subtract(high: product.high, low: product.low)
        }
    }

    /// Takes away `first` · `second`.
    mutating func subtract(_ first: Int128, times second: Int128) {
        add(first, times: -second)
    }

    private mutating func add(high: UInt128, low: UInt128) {
        let (sum, carry) = self.low.addingReportingOverflow(low)
        self.low = sum
        self.high &+= high &+ (carry ? 1 : 0)
    }

    private mutating func subtract(high: UInt128, low: UInt128) {
        let (difference, borrow) = self.low.subtractingReportingOverflow(low)
        self.low = difference
        self.high &-= high &+ (borrow ? 1 : 0)
    }
}
