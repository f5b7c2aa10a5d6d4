// FalseDiscoveryRate.swift: p values of a whole table, adjusted so that of what is found at most a share is false.

/// Benjamini and Hochberg's step-up adjustment of p values.
///
/// With the m values in ascending order, p̃₍ᵢ₎ = min over j ≥ i of min(1, m · p₍ⱼ₎ / j). It controls the expected share
/// of false findings among the findings, for independent or positively dependent tests. Source: Y. Benjamini and
/// Y. Hochberg, "Controlling the false discovery rate", JRSS B 57 (1995).
///
/// - Parameter pValues: values between 0 and 1, in any order.
/// - Returns: the adjusted values in the order of the arguments. Equal values get equal adjusted values.
public func benjaminiHochbergAdjusted(_ pValues: [Double]) -> [Double] {
    let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
    var adjusted = pValues
    var smallest = 1.0
    for (position, index) in order.enumerated().reversed() {
        smallest = min(smallest, Double(pValues.count) * pValues[index] / Double(position + 1))
        adjusted[index] = smallest
    }
    return adjusted
}
