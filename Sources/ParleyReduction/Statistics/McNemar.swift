// McNemar.swift: the exact test of two paired rates.

/// The two-sided p value of McNemar's exact test.
///
/// Under the hypothesis of equal rates each discordant pair falls to either side with probability ½, so that
/// p = min(1, 2 · P(X ≤ min(b, c))) with X binomial over b + c trials. Source: Q. McNemar, Psychometrika 12 (1947);
/// the exact form is the sign test. Not the mid-p variant.
///
/// The largest term C(n, k)/2ⁿ is a product of k fractions in double-double arithmetic with a separate exponent, so
/// that neither it nor the sum overflows, underflows early or loses digits: at n = 100,000 the relative error stays
/// below 10⁻¹⁴. Takes time in proportion to min(b, c).
///
/// - Parameters:
///   - firstOnly: b, pairs in which the first alone succeeded.
///   - secondOnly: c, pairs in which the second alone succeeded.
/// - Returns: p, between 0 and 1; 1 without discordant pairs.
public func mcNemarExact(firstOnly: Int64, secondOnly: Int64) -> Double {
    precondition(firstOnly >= 0 && secondOnly >= 0, "discordant pairs are counts")
    let trials = firstOnly + secondOnly
    let fewer = min(firstOnly, secondOnly)
    // At and next to the middle the two tails meet.
    if 2 * fewer >= trials - 1 { return 1 }
    let largest = binomialCoefficient(trials, fewer)
    let sum = tailOverLargestTerm(trials, fewer)
    let significand = largest.value.multiplied(by: sum.high)
    return min(1, Double(sign: .plus, exponent: largest.exponent - Int(trials) + 1, significand: significand.high))
}

/// C(n, k) as value · 2^exponent.
private func binomialCoefficient(_ n: Int64, _ k: Int64) -> (value: DoubleDouble, exponent: Int) {
    var value = DoubleDouble(1)
    var exponent = 0
    var step: Int64 = 1
    while step <= k {
        value = value.multiplied(by: Double(n - k + step)).divided(by: Double(step))
        if value.high > 0x1p500 {
            value = value.scaled(exponent: -500)
            exponent += 500
        }
        step += 1
    }
    return (value, exponent)
}

/// Σ_{i ≤ k} C(n, i) / C(n, k), from the largest term down.
private func tailOverLargestTerm(_ n: Int64, _ k: Int64) -> DoubleDouble {
    var term = DoubleDouble(1)
    var sum = DoubleDouble(1)
    var index = k
    while index > 0 {
        term = term.multiplied(by: Double(index)).divided(by: Double(n - index + 1))
        sum = sum.adding(term)
        if term.high < sum.high * 0x1p-80 { break }
        index -= 1
    }
    return sum
}
