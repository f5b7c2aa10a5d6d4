// HolmAdjustment.swift: p values of a whole table, adjusted so that the table as a whole errs no more than one test.

/// Holm's step-down adjustment of p values.
///
/// With the m values in ascending order, p̃₍ᵢ₎ = max over j ≤ i of min(1, (m − j + 1) · p₍ⱼ₎). It controls the
/// probability of any false finding in the table, under any dependence. Source: S. Holm, "A simple sequentially
/// rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979).
///
/// - Parameter pValues: values between 0 and 1, in any order.
/// - Returns: the adjusted values in the order of the arguments. Equal values get equal adjusted values.
public func holmAdjusted(_ pValues: [Double]) -> [Double] {
    let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
    var adjusted = pValues
    var largest = 0.0
    for (position, index) in order.enumerated() {
        largest = max(largest, min(1, Double(pValues.count - position) * pValues[index]))
        adjusted[index] = largest
    }
    return adjusted
}
