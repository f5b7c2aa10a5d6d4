// Logarithm.swift: natural logarithms from + − × ÷ and fma.
// ln m = 2 artanh((m − 1)/(m + 1)) for m between √½ and √2, where the argument of the series is below 0.172.

/// The natural logarithm. Relative error below 10⁻¹⁵; −infinity at 0, not a number below.
func naturalLogarithm(_ x: Double) -> Double {
    guard x > 0 else { return x == 0 ? -.infinity : .nan }
    guard x < .infinity else { return x }
    var exponent = Double(x.exponent)
    var mantissa = x.significand
    if mantissa > 1.4142135623730951 {
        mantissa *= 0.5
        exponent += 1
    }
    let logarithm = logarithmNearOne(mantissa - 1)
    return (logarithm.addingProduct(exponent, LogarithmOfTwo.low)).addingProduct(exponent, LogarithmOfTwo.high)
}

/// ln(1 + x), accurate for small x. Not a number below −1.
func logarithmOfOnePlus(_ x: Double) -> Double {
    if x > -0.29, x < 0.41 { return logarithmNearOne(x) }
    return naturalLogarithm(1 + x)
}

/// ln(1 + x) for x between √½ − 1 and √2 − 1.
private func logarithmNearOne(_ x: Double) -> Double {
    let s = x / (2 + x)
    let square = s * s
    var sum = 0.0
    var odd = 25.0
    while odd > 1 {
        sum = (sum + 1 / odd) * square
        odd -= 2
    }
    return (2 * s).addingProduct(2 * s, sum)
}
