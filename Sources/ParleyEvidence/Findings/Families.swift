// Which comparisons the round was made for. Those that the definition names, and that no amendment touches, are primary
// and are adjusted among themselves by Holm, against the least difference that they were to show; all others are
// exploratory, and are adjusted among themselves by Benjamini and Hochberg.

import ParleyModel
import ParleyReduction

extension FindingsDocument {
    /// States what was agreed, and splits the comparisons accordingly where the definition names primary findings.
    mutating func state(_ definition: RoundDefinition, _ amendments: [Amendment]) {
        signatures = definition.signatures
        self.amendments = amendments.isEmpty ? nil : amendments
        guard let primary = definition.primary else { return }
        let effects = comparisons.map { comparison -> Score? in
            if amendments.contains(where: { $0.touches(comparison.suite) }) { return nil }
            return primary.first { $0.compares(comparison.suite, comparison.left, comparison.right) }?.effect
        }
        let holm = adjusted(effects.map { $0 != nil }, by: holmAdjusted)
        let falseDiscovery = adjusted(effects.map { $0 == nil }, by: benjaminiHochbergAdjusted)
        for index in comparisons.indices {
            comparisons[index].adjustedPValue = holm[index]
            comparisons[index].falseDiscoveryPValue = falseDiscovery[index]
            let rule = ComparisonRule(relevantDifference: effects[index]?.value)
            let verdict = rule.verdict(
                difference: comparisons[index].difference,
                pValue: holm[index] ?? falseDiscovery[index],
                minimumDetectable: comparisons[index].minimumDetectableEffect
            )
            comparisons[index].verdict = verdict.rawValue
            comparisons[index].family = effects[index] == nil ? .exploratory : .primary
            comparisons[index].rule = effects[index].map { verdict.primaryRule($0) } ?? verdict.exploratoryRule
        }
    }

    /// The p values of some comparisons, adjusted over these; nil for the others and for those without a p value.
    private func adjusted(_ belongs: [Bool], by adjustment: ([Double]) -> [Double]) -> [Double?] {
        let members = comparisons.indices.filter { belongs[$0] && comparisons[$0].pValue != nil }
        let values = adjustment(members.compactMap { comparisons[$0].pValue })
        var result = [Double?](repeating: nil, count: comparisons.count)
        for (member, value) in zip(members, values) { result[member] = value }
        return result
    }
}

extension Verdict {
    fileprivate func primaryRule(_ effect: Score) -> String {
        switch self {
        case .higher, .lower: "primary: p, adjusted over the primary comparisons by Holm, is at most 0.05"
        case .noDifferenceShown:
            "primary: Holm-adjusted p is above 0.05, and a difference of \(effect), as agreed, would have been detected"
        case .insufficientEvidence:
            "primary: no test can be made, or a difference of \(effect), as agreed, could not have been detected"
        }
    }

    fileprivate var exploratoryRule: String {
        switch self {
        case .higher, .lower:
            "exploratory: p, adjusted over the exploratory comparisons by Benjamini and Hochberg, is at most 0.05"
        case .noDifferenceShown:
            "exploratory: p after Benjamini and Hochberg is above 0.05; differences below the detectable one may exist"
        case .insufficientEvidence: "exploratory: no test can be made, or the detectable difference is unknown"
        }
    }
}
