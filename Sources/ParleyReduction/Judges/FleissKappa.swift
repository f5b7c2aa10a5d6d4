// FleissKappa.swift: the agreement of any raters, of whom each unit has the same number.

/// Fleiss' kappa over the units that these raters scored.
///
/// With m ratings of each of N units, of which nᵤₖ fall in category k, and nₖ = Σᵤ nᵤₖ: the mean share of agreeing
/// pairs P = Σᵤ(Σₖ nᵤₖ² − m) / (N·m(m−1)), the share by chance Pₑ = Σₖ nₖ² / (N·m)², and κ = (P − Pₑ) / (1 − Pₑ).
/// The raters of one unit need not be those of another. Source: J. Fleiss, "Measuring nominal scale agreement among
/// many raters", Psychological Bulletin 76 (1971).
///
/// - Parameters:
///   - table: the ratings.
///   - raters: who counts. Units on which none of them gave a score are no units here.
/// - Returns: the estimate; its raw agreement is P. No coefficient, and no raw agreement, where units have different
///   numbers of ratings (``AgreementAbsence/unequalRatings``; ``krippendorffAlpha(_:raters:metric:)`` takes these) and
///   where no unit has two (``AgreementAbsence/noPairableUnits``); no coefficient where all ratings are the same
///   (``AgreementAbsence/oneCategory``).
public func fleissKappa(_ table: RatingTable, raters: Set<Int32>) -> AgreementEstimate {
    var units: Int64 = 0
    var ratings: Int64 = 0
    var sizes: Set<Int> = []
    var agreeing: Int128 = 0
    var counts: [Int64: Int128] = [:]
    table.forEachUnit(raters: raters) { scores in
        units += 1
        ratings += Int64(scores.count)
        sizes.insert(scores.count)
        agreeing += agreeingPairs(scores)
        for score in scores { counts[score, default: 0] += 1 }
    }
    guard sizes.contains(where: { $0 > 1 }) else { return .absent(.noPairableUnits, units: units, ratings: ratings) }
    guard sizes.count == 1 else { return .absent(.unequalRatings, units: units, ratings: ratings) }
    let n = Int128(ratings)
    let others = n / Int128(units) - 1
    let raw = roundedQuotient(agreeing, n * others)
    let chance = sumOfSquares(counts)
    guard n * n > chance else {
        return .absent(.oneCategory, units: units, ratings: ratings, rawAgreement: raw)
    }
    return AgreementEstimate(
        units: units,
        ratings: ratings,
        rawAgreement: raw,
        coefficient: roundedQuotient(n * agreeing - others * chance, others * (n * n - chance)),
        absence: nil
    )
}

/// Σₖ nᵤₖ² − m: the ordered pairs of different ratings of a unit that are equal.
func agreeingPairs(_ scores: [Int64]) -> Int128 {
    var pairs: Int128 = 0
    for left in scores.indices {
        for right in scores.indices where left != right && scores[left] == scores[right] { pairs += 1 }
    }
    return pairs
}

/// Σₖ nₖ².
func sumOfSquares(_ counts: [Int64: Int128]) -> Int128 {
    counts.values.reduce(0) { $0 + $1 * $1 }
}
