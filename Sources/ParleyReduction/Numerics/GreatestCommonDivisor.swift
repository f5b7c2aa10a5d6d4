// GreatestCommonDivisor.swift: Euclid's algorithm, by which sums of fixed-point numbers are brought into fewer bits.

/// The greatest common divisor of two numbers, not negative; 0 of 0 and 0.
func greatestCommonDivisor(_ a: Int128, _ b: Int128) -> Int128 {
    var (a, b) = (a.magnitude, b.magnitude)
    while b != 0 { (a, b) = (b, a % b) }
    return Int128(a)
}
