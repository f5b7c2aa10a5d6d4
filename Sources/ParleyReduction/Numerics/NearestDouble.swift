// NearestDouble.swift: from exact integers to the nearest Double, ties to even.
// It is the only place where an exact sum becomes inexact, and it rounds once.

/// The Double nearest to `value`.
func nearestDouble(_ value: UInt128) -> Double {
    let bits = 128 - value.leadingZeroBitCount
    guard bits > 64 else { return Double(UInt64(truncatingIfNeeded: value)) }
    let shift = bits - 64
    let top = UInt64(truncatingIfNeeded: value >> UInt128(shift))
    // What is cut off matters only as "something or nothing": it breaks ties.
    let sticky: UInt64 = (value << UInt128(128 - shift)) == 0 ? 0 : 1
    return Double(sign: .plus, exponent: shift, significand: Double(top | sticky))
}

/// The Double nearest to `high` × 2¹²⁸ + `low`.
func nearestDouble(high: UInt128, low: UInt128) -> Double {
    guard high != 0 else { return nearestDouble(low) }
    let shift = 128 - high.leadingZeroBitCount
    let free = 128 - shift
    let top = free == 0 ? high : (high << UInt128(free)) | (low >> UInt128(shift))
    let rest = free == 0 ? low : low << UInt128(free)
    return Double(sign: .plus, exponent: shift, significand: nearestDouble(top | (rest == 0 ? 0 : 1)))
}

/// The Double nearest to `numerator / denominator`, for denominators above 0 and below 2⁶².
func nearestRatio(_ numerator: Int128, _ denominator: Int64) -> Double {
    precondition(denominator > 0 && denominator < 1 << 62, "a ratio needs a denominator in 1 ..< 2⁶²")
    let magnitude = numerator.magnitude
    guard magnitude != 0 else { return 0 }
    if magnitude < 1 << 53, denominator < 1 << 53 {
        // Both are exact, and a division rounds once.
        return Double(Int64(truncatingIfNeeded: numerator)) / Double(denominator)
    }
    let shift = magnitude.leadingZeroBitCount
    let (quotient, remainder) = (magnitude << UInt128(shift)).quotientAndRemainder(dividingBy: UInt128(denominator))
    let significand = nearestDouble(quotient | (remainder == 0 ? 0 : 1))
    return Double(sign: numerator < 0 ? .minus : .plus, exponent: -shift, significand: significand)
}

/// `numerator / denominator`, both rounded to the nearest Double before one division: within two units of the last
/// place, and correctly rounded where both are below 2⁵³.
func roundedQuotient(_ numerator: Int128, _ denominator: Int128) -> Double {
    precondition(denominator > 0, "a quotient needs a denominator above 0")
    let magnitude = nearestDouble(numerator.magnitude) / nearestDouble(denominator.magnitude)
    return numerator < 0 ? -magnitude : magnitude
}
