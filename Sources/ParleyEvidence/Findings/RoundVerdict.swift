// What may be said of a cell's change from one round to another. A change of what is measured, or of the harness, goes
// before every number.

import ParleyModel
import ParleyReduction

/// What may be said of a cell's change. Higher scores are taken for better ones.
struct RoundVerdict {
    let text: String
    let rule: String
    let status: EvidenceStatus

    init(
        _ comparison: PairedComparison,
        relevantDifference: Double,
        settings: [ChangedSetting],
        harness: HarnessVerdict,
        isSealed: Bool = false
    ) {
        if isSealed {
            text = "not comparable"
            rule = "the suite is held out: its samples are named by commitments, and can be paired with its key alone"
            status = .notComparable
            return
        }
        if settings.contains(where: \.changesMeasure) {
            text = "not comparable"
            rule = "what is measured changed between the rounds"
            status = .notComparable
            return
        }
        if harness == .changed {
            text = "not comparable"
            rule = "a reference, whose model does not change, changed in this suite: the harness did"
            status = .notComparable
            return
        }
        switch comparison.verdict {
        case .higher, .lower:
            text = comparison.verdict == .higher ? "improved" : "regressed"
            rule = "Holm-adjusted p is at most 0.05"
            status = .shown
        case .noDifferenceShown, .insufficientEvidence:
            if let reason = Self.unchanged(comparison, within: relevantDifference) {
                text = "unchanged"
                rule = reason
                status = .shown
            } else {
                text = "insufficient evidence"
                rule = "Holm-adjusted p is above 0.05 or none, and a change of \(relevantDifference) is not ruled out"
                status = .notShown
            }
        }
    }

    /// Why a change of what matters is ruled out; nil where it is not.
    static func unchanged(_ comparison: PairedComparison, within relevant: Double) -> String? {
        let bounds = -relevant...relevant
        if let interval = comparison.interval, bounds.contains(interval.lower), bounds.contains(interval.upper) {
            return "Holm-adjusted p is above 0.05, and the 95 % interval lies within ±\(relevant)"
        }
        if comparison.firstOnly == 0, comparison.secondOnly == 0, greatestChange(comparison) <= relevant {
            return "no sample changed, so that at 95 % fewer than \(relevant) of all do"
        }
        return nil
    }

    /// Where no sample changed between right and wrong: the share of samples that may, which bounds the difference.
    private static func greatestChange(_ comparison: PairedComparison) -> Double {
        oneSidedInterval(successes: 0, observations: comparison.sharedSamples, level: 0.95).upper
    }
}
