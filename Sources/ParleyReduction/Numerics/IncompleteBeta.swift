// IncompleteBeta.swift: the regularised incomplete beta function, on which Student's t stands.
// Sources: A. Didonato and A. Morris, "Significant digit computation of the incomplete beta function ratios", ACM TOMS
// 18 (1992), for the continued fraction; C. Loader, "Fast and accurate computation of binomial probabilities" (2000),
// for the saddle-point form of the factor before it, which does not subtract large logarithms of Γ.

/// A probability and its complement, each with its own relative accuracy.
struct Complementary: Sendable, Equatable {
    var value: Double
    var complement: Double
}

/// I_x(a, b) and 1 − I_x(a, b), for a, b > 0 and x + y = 1. Both x and y are asked for because the smaller of them
/// cannot be had from the other without loss.
func regularizedIncompleteBeta(a: Double, b: Double, x: Double, y: Double) -> Complementary {
    if x <= 0 { return Complementary(value: 0, complement: 1) }
    if y <= 0 { return Complementary(value: 1, complement: 0) }
    let kernel = betaKernel(a: a, b: b, x: x, y: y)
    if (a + b) * y >= b {
        let value = kernel / betaFraction(a: a, b: b, x: x, y: y)
        return Complementary(value: value, complement: 1 - value)
    }
    let complement = kernel / betaFraction(a: b, b: a, x: y, y: x)
    return Complementary(value: 1 - complement, complement: complement)
}

/// xᵃ yᵇ / B(a, b).
func betaKernel(a: Double, b: Double, x: Double, y: Double) -> Double {
    let n = a + b
    let exponent = stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * x) - deviance(b, n * y)
    return (a * (b / n) * 0.15915494309189535).squareRoot() * exponential(exponent)
}

/// u ln(u/m) + m − u, without loss where u and m are close.
func deviance(_ u: Double, _ m: Double) -> Double {
    let ratio = (u - m) / (u + m)
    if ratio.magnitude >= 0.1 { return u * naturalLogarithm(u / m) + m - u }
    let square = ratio * ratio
    var sum = 0.0
    var odd = 17.0
    while odd > 1 {
        sum = (sum + 1 / odd) * square
        odd -= 2
    }
    return (u - m) * ratio + 2 * u * ratio * sum
}

/// kernel / I_x(a, b), for λ = (a + b)y − b ≥ 0: the continued fraction of Didonato and Morris, equation 9, by Lentz's
/// method. It is the even part of DLMF 8.17.22, in which λ takes the place of a difference that would cancel where x
/// is close to 1. Needs O(√max(a, b)) terms.
private func betaFraction(a: Double, b: Double, x: Double, y: Double) -> Double {
    // From the smaller of x and y, which is the one that has its own digits.
    let lambda = x < y ? a - (a + b) * x : (a + b) * y - b
    var fraction = a * (lambda + 1) / (a + 1)
    var forward = fraction
    var backward = 0.0
    for step in 1...100_000 {
        let n = Double(step)
        let odd = a + 2 * n - 1
        let numerator = ((a + n - 1) / odd) * ((a + b + n - 1) / odd) * n * (b - n) * x * x
        let term = n + n * (b - n) * x / odd + (a + n) * (lambda + 1 + n * (1 + y)) / (odd + 2)
        backward = 1 / (term + numerator * backward)
        forward = term + numerator / forward
        let factor = forward * backward
        fraction *= factor
        if (factor - 1).magnitude < 1e-16 { break }
    }
    return fraction
}
