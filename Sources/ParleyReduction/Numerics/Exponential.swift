// Exponential.swift: eˣ from + − × ÷ and fma, so that its last bit is the same on every machine.
// x = k·ln 2 + r with |r| ≤ ½ ln 2; eˣ = 2ᵏ·eʳ; eʳ by its Taylor series to r¹³, whose rest is below 4·10⁻¹⁸.

/// ln 2 in two parts: the first has 42 significant bits, so that its product with an exponent is exact.
enum LogarithmOfTwo {
    static let high = 0x1.62e42fefa2p-1
    static let low = 7.371002565167799e-13
    static let reciprocal = 1.4426950408889634
}

/// The exponential function. Relative error below 10⁻¹⁵ where the result is normal; 0 and infinity beyond.
func exponential(_ x: Double) -> Double {
    if x.isNaN { return x }
    if x > 709.782712893384 { return .infinity }
    if x < -745.2 { return 0 }
    let k = nearestInteger(x * LogarithmOfTwo.reciprocal)
    let r = x.addingProduct(-k, LogarithmOfTwo.high).addingProduct(-k, LogarithmOfTwo.low)
    var sum = 0.0
    for coefficient in reciprocalFactorials { sum = coefficient.addingProduct(sum, r) }
    return Double(sign: .plus, exponent: Int(k), significand: sum)
}

/// 1/13!, 1/12!, … 1/0!.
private let reciprocalFactorials: [Double] = [
    1.0 / 6_227_020_800, 1.0 / 479_001_600, 1.0 / 39_916_800, 1.0 / 3_628_800, 1.0 / 362_880, 1.0 / 40_320,
    1.0 / 5_040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 0.5, 1, 1,
]
