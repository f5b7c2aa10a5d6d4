// Billionths.swift: the fixed-point unit of scores and of money.
// Why fixed point: sums of integers do not depend on the order of the rows; see the record FixedPointScores.

/// Scores and costs as whole billionths (10⁻⁹) in an `Int64`.
public enum Billionths {
    /// A score of 1, and one whole unit of currency.
    public static let one: Int64 = 1_000_000_000

    /// The largest absolute score that a row may hold: 10⁶, in billionths.
    ///
    /// With ``OutcomeColumns/epochLimit`` it keeps the sum over the epochs of a sample inside an `Int64`.
    public static let scoreLimit: Int64 = 1_000_000 * one

    /// The nearest number of billionths, ties to even.
    ///
    /// - Parameter value: a score in its own unit, such as 0.25.
    /// - Returns: the score in billionths, or `nil` when `value` is not a number or lies beyond ``scoreLimit``.
    public static func nearest(to value: Double) -> Int64? {
        guard value.magnitude <= 1_000_000 else { return nil }
        let product = value * 1e9
        // What the product lost to rounding decides the cases that look like ties and are none.
        let lost = (-product).addingProduct(value, 1e9)
        let rounded = nearestInteger(product)
        let rest = product - rounded
        if rest == 0.5, lost > 0 { return Int64(rounded) + 1 }
        if rest == -0.5, lost < 0 { return Int64(rounded) - 1 }
        return Int64(rounded)
    }

    /// The value in its own unit: `billionths / 10⁹`, correctly rounded.
    public static func double(_ billionths: Int64) -> Double {
        nearestRatio(Int128(billionths), Int64(one))
    }
}
