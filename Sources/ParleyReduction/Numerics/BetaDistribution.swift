// BetaDistribution.swift: the inverse of the regularised incomplete beta function, on which exact binomial bounds stand.

/// The x with I_x(a, b) = p, for a, b > 0 and 0 ≤ p ≤ 1. Relative error below 10⁻¹² where x is at most ½, and the
/// same of 1 − x above.
///
/// Newton's method between bounds that close in on the root; where a step would leave them, they are halved, in
/// proportion while they lie far apart.
func betaQuantile(_ p: Double, a: Double, b: Double) -> Double {
    guard p > 0 else { return p == 0 ? 0 : .nan }
    guard p < 1 else { return p == 1 ? 1 : .nan }
    // The smaller of x and 1 − x is sought, so that it has its own digits.
    let isUpper = regularizedIncompleteBeta(a: a, b: b, x: 0.5, y: 0.5).value < p
    return isUpper
        ? 1 - lowerQuantile(1 - p, complement: p, a: b, b: a) : lowerQuantile(p, complement: 1 - p, a: a, b: b)
}

/// The root where it is at most ½.
private func lowerQuantile(_ p: Double, complement: Double, a: Double, b: Double) -> Double {
    var low = 0.0
    var high = 0.5
    var x = min(0.5, a / (a + b))
    for _ in 0..<400 {
        let split = regularizedIncompleteBeta(a: a, b: b, x: x, y: 1 - x)
        // From the smaller probability, which has its own digits.
        let excess = p < complement ? split.value - p : complement - split.complement
        if excess == 0 { return x }
        if excess > 0 { high = x } else { low = x }
        let slope = betaKernel(a: a, b: b, x: x, y: 1 - x) / (x * (1 - x))
        var next = x - excess / slope
        if !(next > low && next < high) {
            next = low > 0 && high > 4 * low ? (low * high).squareRoot() : 0.5 * (low + high)
        }
        if (next - x).magnitude <= next * 2e-16 { return next }
        x = next
    }
    return x
}
