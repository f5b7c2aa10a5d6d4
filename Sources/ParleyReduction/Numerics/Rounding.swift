// Rounding.swift: from a Double to the nearest integer, with additions alone.
// `Double.rounded()` may become a call to libm; the sum with 1.5 × 2⁵² rounds to an integer by IEEE 754 itself.

/// The nearest integer to `value`, ties to even, for magnitudes below 2⁵¹.
func nearestInteger(_ value: Double) -> Double {
    let shifter = 6_755_399_441_055_744.0
    return (value + shifter) - shifter
}
