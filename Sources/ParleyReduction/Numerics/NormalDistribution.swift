// NormalDistribution.swift: the standard normal distribution and its inverse.
// Sources: Abramowitz and Stegun 26.2.11 (series of positive terms) and 26.2.14 (continued fraction of the tail).

/// P(Z ≤ z). Relative error below 10⁻¹³ on both tails, down to the smallest normal number.
func normalCumulative(_ z: Double) -> Double {
    if z.isNaN { return z }
    if z.magnitude < 2.5 {
        let centre = normalCentre(z.magnitude)
        return z < 0 ? 0.5 - centre : 0.5 + centre
    }
    let tail = normalUpperTail(z.magnitude)
    return z < 0 ? tail : 1 - tail
}

/// The z with P(Z ≤ z) = p, for 0 < p < 1. Relative error below 10⁻¹³.
///
/// Newton's method on a function of one curvature, which approaches from one side: on P(0 < Z < z) in the middle, on
/// the logarithm of the tail outside.
func normalQuantile(_ p: Double) -> Double {
    guard p > 0, p < 1 else { return p == 0 ? -.infinity : p == 1 ? .infinity : .nan }
    let tail = min(p, 1 - p)
    let magnitude = tail > 0.25 ? centralQuantile((p - 0.5).magnitude) : tailQuantile(tail)
    return p < 0.5 ? -magnitude : magnitude
}

/// (2π)^−½ e^(−z²/2), with the rounding error of z² put back.
func normalDensity(_ z: Double) -> Double {
    let square = z * z
    let lost = (-square).addingProduct(z, z)
    return 0.3989422804014327 * exponential(-0.5 * square) * (1 - 0.5 * lost)
}

/// P(0 < Z < z) for z ≥ 0, best below 2.5: φ(z) Σ z²ᵏ⁺¹ / (1·3·5…(2k + 1)).
private func normalCentre(_ z: Double) -> Double {
    let square = z * z
    var term = z
    var sum = z
    var odd = 3.0
    while term > sum * 1e-17 {
        term *= square / odd
        sum += term
        odd += 2
    }
    return normalDensity(z) * sum
}

/// P(Z > z) for z ≥ 0.
private func normalUpperTail(_ z: Double) -> Double {
    if z < 2.5 { return 0.5 - normalCentre(z) }
    if z > 39 { return 0 }
    // From the inside out; 200 terms leave less than 10⁻¹⁷ at z = 2.5, and less beyond.
    var fraction = z
    var k = 200.0
    while k >= 1 {
        fraction = z + k / fraction
        k -= 1
    }
    return normalDensity(z) / fraction
}

private func centralQuantile(_ centre: Double) -> Double {
    var z = 0.0
    for _ in 0..<60 {
        let step = (centre - normalCentre(z)) / normalDensity(z)
        z += step
        if step.magnitude <= z * 1e-16 { break }
    }
    return z
}

private func tailQuantile(_ tail: Double) -> Double {
    var z = (-2 * naturalLogarithm(2 * tail)).squareRoot()
    for _ in 0..<60 {
        let reached = normalUpperTail(z)
        let step = naturalLogarithm(reached / tail) * reached / normalDensity(z)
        z += step
        if step.magnitude <= z * 1e-16 { break }
    }
    return z
}
