// CohenKappa.swift: the agreement of two raters, each with rates of its own.

/// How far apart two categories are for Cohen's kappa.
public enum KappaWeights: Sendable, Equatable, CaseIterable {
    /// Any two categories are equally far apart.
    case nominal
    /// By the square of the difference of their scores.
    case quadratic
}

/// Cohen's kappa over the units that both raters scored.
///
/// With A agreeing units of n and nₖ, mₖ the two raters' counts of category k, κ = (pₒ − pₑ) / (1 − pₑ) with pₒ = A/n
/// and pₑ = Σ nₖmₖ / n². Source: J. Cohen, "A coefficient of agreement for nominal scales", Educational and
/// Psychological Measurement 20 (1960).
///
/// Quadratic: κ = 1 − n·Σ(xᵢ − yᵢ)² / ΣΣ(xᵢ − yⱼ)², which is 2(nΣxy − ΣxΣy) / (nΣx² + nΣy² − 2ΣxΣy). For equally
/// spaced scores it equals the weighting by the squared distance of ranks. Source: J. Cohen, "Weighted kappa",
/// Psychological Bulletin 70 (1968).
///
/// - Parameters:
///   - table: the ratings.
///   - first: one rater.
///   - second: the other one; kappa is the same with the two exchanged.
///   - weights: how far apart categories are.
/// - Returns: the estimate; its raw agreement is A/n whatever the weights. No coefficient without common units
///   (``AgreementAbsence/noPairableUnits``) and where both raters used one and the same category alone
///   (``AgreementAbsence/oneCategory``). Two raters that each use one category, but different ones, have κ = 0.
public func cohenKappa(
    _ table: RatingTable,
    first: Int32,
    second: Int32,
    weights: KappaWeights = .nominal
) -> AgreementEstimate {
    precondition(first != second, "a rater always agrees with itself")
    var pairs: [RatedPair] = []
    for unit in 0..<table.unitCount {
        guard let x = table.score(ofUnit: unit, by: first), let y = table.score(ofUnit: unit, by: second) else {
            continue
        }
        pairs.append(RatedPair(x: x, y: y))
    }
    let units = Int64(pairs.count)
    guard units > 0 else { return .absent(.noPairableUnits) }
    let agreeing = Int64(pairs.count { $0.x == $0.y })
    let raw = nearestRatio(Int128(agreeing), units)
    let coefficient =
        switch weights {
        case .nominal: nominalKappa(pairs, agreeing: agreeing)
        case .quadratic: quadraticKappa(pairs)
        }
    return AgreementEstimate(
        units: units,
        ratings: 2 * units,
        rawAgreement: raw,
        coefficient: coefficient,
        absence: coefficient == nil ? .oneCategory : nil
    )
}

/// The scores of one unit.
private struct RatedPair {
    var x: Int64
    var y: Int64
}

/// (n·A − Σnₖmₖ) / (n² − Σnₖmₖ).
private func nominalKappa(_ pairs: [RatedPair], agreeing: Int64) -> Double? {
    var counts: [Int64: (first: Int128, second: Int128)] = [:]
    for pair in pairs {
        counts[pair.x, default: (0, 0)].first += 1
        counts[pair.y, default: (0, 0)].second += 1
    }
    let n = Int128(pairs.count)
    let chance = counts.values.reduce(Int128(0)) { $0 + $1.first * $1.second }
    guard n * n > chance else { return nil }
    return roundedQuotient(n * Int128(agreeing) - chance, n * n - chance)
}

/// The quotient above, times n/n, from residuals n·x − Σx so that nothing cancels.
private func quadraticKappa(_ pairs: [RatedPair]) -> Double? {
    let n = Int128(pairs.count)
    let sumX = pairs.reduce(Int128(0)) { $0 + Int128($1.x) }
    let sumY = pairs.reduce(Int128(0)) { $0 + Int128($1.y) }
    var numerator = ProductSum()
    var denominator = ProductSum()
    for pair in pairs {
        let x = n * Int128(pair.x) - sumX
        let y = n * Int128(pair.y) - sumY
        numerator.add(2 * x, times: y)
        denominator.add(x, times: x)
        denominator.add(y, times: y)
    }
    denominator.add(n * (sumX - sumY), times: sumX - sumY)
    return denominator.isZero ? nil : numerator.double / denominator.double
}
