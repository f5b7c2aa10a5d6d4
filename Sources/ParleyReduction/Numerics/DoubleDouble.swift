// DoubleDouble.swift: an unevaluated sum of two Doubles, about 32 decimal digits, for products of many factors.
// Source: T. J. Dekker, "A floating-point technique for extending the available precision" (1971), with fma in place
// of the splitting.

/// A positive number as `high` + `low` with |low| ≤ ½ ulp(high).
struct DoubleDouble: Sendable, Equatable {
    var high: Double
    var low: Double

    init(_ value: Double) {
        high = value
        low = 0
    }

    private init(normalizing high: Double, _ low: Double) {
        self.high = high + low
        self.low = low - (self.high - high)
    }

    func multiplied(by factor: Double) -> DoubleDouble {
        let product = high * factor
        let lost = (-product).addingProduct(high, factor)
        return DoubleDouble(normalizing: product, lost.addingProduct(low, factor))
    }

    func divided(by divisor: Double) -> DoubleDouble {
        let quotient = high / divisor
        let rest = high.addingProduct(-quotient, divisor) + low
        return DoubleDouble(normalizing: quotient, rest / divisor)
    }

    func adding(_ other: DoubleDouble) -> DoubleDouble {
        let sum = high + other.high
        let part = sum - high
        let lost = (high - (sum - part)) + (other.high - part)
        return DoubleDouble(normalizing: sum, lost + (low + other.low))
    }

    /// Times a power of two; exact while the result is normal.
    func scaled(exponent: Int) -> DoubleDouble {
        var result = self
        result.high = Double(sign: .plus, exponent: exponent, significand: high)
        result.low = Double(sign: .plus, exponent: exponent, significand: low)
        return result
    }
}
