// IncompleteGamma.swift: the regularised incomplete gamma function, on which the chi-square distribution stands.
// Sources: DLMF 8.7.1 with 8.2.7 (series of positive terms) and 8.9.2 (continued fraction); C. Loader, "Fast and accurate
// computation of binomial probabilities" (2000), for the saddle-point form of the factor before them.

/// P(a, x) and Q(a, x) = 1 − P(a, x), for a > 0. Relative error of the one that is computed directly, which is P below
/// x = a + 1 and Q above, under 10⁻¹².
func regularizedIncompleteGamma(a: Double, x: Double) -> Complementary {
    if x <= 0 { return Complementary(value: 0, complement: 1) }
    if x == .infinity { return Complementary(value: 1, complement: 0) }
    // xᵃ e⁻ˣ / Γ(a + 1).
    let kernel = exponential(-deviance(a, x) - stirlingError(a)) / (6.283185307179586 * a).squareRoot()
    if x < a + 1 {
        let value = kernel * gammaSeries(a: a, x: x)
        return Complementary(value: value, complement: 1 - value)
    }
    let complement = kernel * a / gammaFraction(a: a, x: x)
    return Complementary(value: 1 - complement, complement: complement)
}

/// P(X > x) for chi-square with `degrees` of freedom.
func chiSquareUpperTail(_ x: Double, degrees: Double) -> Double {
    regularizedIncompleteGamma(a: 0.5 * degrees, x: 0.5 * x).complement
}

/// Σ xⁿ / ((a + 1)(a + 2)…(a + n)) from n = 0. Needs O(√a) terms.
private func gammaSeries(a: Double, x: Double) -> Double {
    var term = 1.0
    var sum = 1.0
    var n = 1.0
    while term > sum * 1e-17 {
        term *= x / (a + n)
        sum += term
        n += 1
    }
    return sum
}

/// x + 1 − a − 1(1 − a)/(x + 3 − a − 2(2 − a)/(x + 5 − a − …)) by Lentz's method.
private func gammaFraction(a: Double, x: Double) -> Double {
    var term = x + 1 - a
    var fraction = term
    var forward = fraction
    var backward = 0.0
    for step in 1...100_000 {
        let n = Double(step)
        let numerator = n * (a - n)
        term += 2
        backward = 1 / (term + numerator * backward)
        forward = term + numerator / forward
        let factor = forward * backward
        fraction *= factor
        if (factor - 1).magnitude < 1e-16 { break }
    }
    return fraction
}
