// StudentDistribution.swift: Student's t distribution and its inverse.
// Source: DLMF 8.17.6 and the usual identity P(|T| > t) = I_x(ν/2, ½) with x = ν/(ν + t²).

/// P(T ≤ t) with `degrees` of freedom, which need not be whole. Relative error below 10⁻¹³ on both tails.
func studentCumulative(_ t: Double, degrees: Double) -> Double {
    let split = studentSplit(t, degrees: degrees)
    if t < 0 { return 0.5 * split.value }
    return split.value < 0.5 ? 1 - 0.5 * split.value : 0.5 + 0.5 * split.complement
}

/// P(|T| > |t|): the p value of a two-sided t test.
func studentTwoSided(_ t: Double, degrees: Double) -> Double {
    studentSplit(t, degrees: degrees).value
}

/// The t with P(T ≤ t) = p, for 0 < p < 1. Relative error below 10⁻¹³.
///
/// Newton's method on P(|T| < t) in the middle. Outside, on ln P(T > t) as a function of ln t, which is nearly a
/// straight line for the heavy tails of few degrees.
func studentQuantile(_ p: Double, degrees: Double) -> Double {
    guard p > 0, p < 1 else { return p == 0 ? -.infinity : p == 1 ? .infinity : .nan }
    let tail = min(p, 1 - p)
    let magnitude =
        tail > 0.25
        ? centralQuantile(2 * (p - 0.5).magnitude, degrees: degrees)
        : tailQuantile(2 * tail, degrees: degrees)
    return p < 0.5 ? -magnitude : magnitude
}

/// P(|T| > |t|) and P(|T| ≤ |t|).
private func studentSplit(_ t: Double, degrees: Double) -> Complementary {
    let square = t * t
    guard square < .infinity else { return Complementary(value: 0, complement: 1) }
    let sum = degrees + square
    return regularizedIncompleteBeta(a: 0.5 * degrees, b: 0.5, x: degrees / sum, y: square / sum)
}

/// t·f(t) of the density f, for t > 0.
private func studentKernel(_ t: Double, degrees: Double) -> Double {
    let sum = degrees + t * t
    return betaKernel(a: 0.5 * degrees, b: 0.5, x: degrees / sum, y: t * t / sum)
}

/// The t with P(|T| < t) = `centre`.
private func centralQuantile(_ centre: Double, degrees: Double) -> Double {
    guard centre > 0 else { return 0 }
    // The normal quantile lies below that of every t, so that the concave function is climbed from its left.
    var t = normalQuantile(0.5 + 0.5 * centre)
    guard t > 0 else { return 0 }
    for _ in 0..<60 {
        let missing = centre - studentSplit(t, degrees: degrees).complement
        let step = 0.5 * missing * t / studentKernel(t, degrees: degrees)
        t += step
        if step.magnitude <= t * 1e-16 { break }
    }
    return t
}

/// The t with P(|T| > t) = `twoSided`.
private func tailQuantile(_ twoSided: Double, degrees: Double) -> Double {
    var t = -normalQuantile(0.5 * twoSided)
    for _ in 0..<60 {
        let reached = studentSplit(t, degrees: degrees).value
        let step = 0.5 * naturalLogarithm(reached / twoSided) * reached / studentKernel(t, degrees: degrees)
        t *= exponential(step)
        if step.magnitude <= 1e-16 { break }
    }
    return t
}
