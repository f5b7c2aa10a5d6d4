// Telling "the model changed" from "the harness changed": a reference configuration is one whose model is known not to
// change. Where it changes all the same between two rounds, on the same samples and with the same settings, the harness
// did; where it does not, a change of another configuration is one of its model. Invariant: each suite is judged by
// references on its own samples, since a harness changes suite by suite.

import ParleyModel
import ParleyReduction

/// What the references of two rounds say of the harness, by suite.
struct DriftCanaries {
    private static let significance = 0.05
    private var verdicts: [SuiteName: HarnessVerdict] = [:]

    /// - Parameters:
    ///   - references: comparisons of reference cells that both rounds hold with the same settings
    ///   - relevantDifference: the smallest difference that matters, in the scores' unit
    init(_ references: [(suite: SuiteName, comparison: PairedComparison)], relevantDifference: Double) {
        // Bonferroni over the references alone: that many models were compared beside them must not hide a drift.
        let level = Self.significance / Double(max(1, references.count))
        for (suite, found) in Dictionary(grouping: references, by: \.suite) {
            let comparisons = found.map(\.comparison)
            if comparisons.contains(where: { ($0.pValue ?? 1) <= level }) {
                verdicts[suite] = .changed
            } else if comparisons.allSatisfy({ RoundVerdict.unchanged($0, within: relevantDifference) != nil }) {
                verdicts[suite] = .held
            } else {
                verdicts[suite] = .undecided
            }
        }
    }

    subscript(_ suite: SuiteName) -> HarnessVerdict { verdicts[suite] ?? .noReference }
}
