// LogGamma.swift: ln Γ for positive arguments, and what Stirling's formula leaves of it.
// Sources: DLMF 5.11.1 (Stirling's series), 5.7.3 (series at 2 in ζ(k) − 1), 5.5.1 (recurrence).

/// ln Γ(x) for x > 0. Relative error below 10⁻¹³, near the zeros at 1 and 2 as well.
func logGamma(_ x: Double) -> Double {
    guard x > 0 else { return .nan }
    if x < 0.5 { return logGammaNearTwo(x) - logarithmOfOnePlus(x) - naturalLogarithm(x) }
    if x < 1.5 { return logGammaNearTwo(x - 1) - logarithmOfOnePlus(x - 1) }
    if x < 10 {
        var argument = x
        var product = 1.0
        while argument > 2.5 {
            argument -= 1
            product *= argument
        }
        return logGammaNearTwo(argument - 2) + naturalLogarithm(product)
    }
    return (x - 0.5) * naturalLogarithm(x) - x + halfLogarithmOfTwoPi + stirlingSeries(x)
}

/// δ(x) = ln Γ(x + 1) − [(x + ½) ln x − x + ½ ln 2π], for x > 0: the logarithm of the error of Stirling's formula.
func stirlingError(_ x: Double) -> Double {
    if x >= 10 { return stirlingSeries(x) }
    return logGamma(x) - ((x - 0.5) * naturalLogarithm(x) - x + halfLogarithmOfTwoPi)
}

private let halfLogarithmOfTwoPi = 0.9189385332046728

/// Σ B₂ₖ / (2k(2k − 1)x²ᵏ⁻¹) for k = 1…9; from x = 10 on the rest is below 10⁻¹⁸.
private func stirlingSeries(_ x: Double) -> Double {
    let coefficients: [Double] = [
        43_867.0 / 244_188, -3_617.0 / 122_400, 1.0 / 156, -691.0 / 360_360, 1.0 / 1_188, -1.0 / 1_680, 1.0 / 1_260,
        -1.0 / 360, 1.0 / 12,
    ]
    let square = 1 / (x * x)
    var sum = 0.0
    for coefficient in coefficients { sum = coefficient.addingProduct(sum, square) }
    return sum / x
}

/// ln Γ(2 + e) = (1 − γ)e + Σ (−1)ᵏ (ζ(k) − 1) eᵏ / k for |e| ≤ ½.
private func logGammaNearTwo(_ e: Double) -> Double {
    var sum = 0.0
    var k = zetaTerms.count - 1
    while k >= 0 {
        sum = zetaTerms[k].addingProduct(-e, sum)
        k -= 1
    }
    return e * (0.42278433509846713 + e * sum)
}

/// (ζ(k) − 1)/k for k = 2…33.
private let zetaTerms: [Double] = [
    0.3224670334241132, 0.0673523010531981, 0.020580808427784546, 0.007385551028673986, 0.0028905103307415234,
    0.001192753911703261, 0.0005096695247430425, 0.00022315475845357939, 9.945751278180853e-05,
    4.492623673813314e-05, 2.050721277567069e-05, 9.439488275268397e-06, 4.374866789907488e-06,
    2.039215753801366e-06, 9.55141213040742e-07, 4.492469198764566e-07, 2.1207184805554665e-07,
    1.0043224823968099e-07, 4.7698101693639804e-08, 2.2711094608943164e-08, 1.0838659214896955e-08,
    5.183475041970047e-09, 2.4836745438024785e-09, 1.1921401405860912e-09, 5.731367241678862e-10,
    2.7595228851242334e-10, 1.330476437424449e-10, 6.4229645638381e-11, 3.1044247747322276e-11,
    1.5021384080754142e-11, 7.275974480239079e-12, 3.527742476575915e-12,
]
