// How roll-ups and surprises are put into words: the same in the terminal and in the report. All scores of a roll-up
// lie between 0 and 1, so that its figures are percentages.

internal import ParleyModel

/// Sentences and words of the parts of the findings that look across suites.
enum RollUpText {
    /// Surprises that are shown: at least this far, and at most so many.
    static let leastZ = 2.0
    static let mostShown = 10

    static let rollUpsTitle = "roll-ups: every cell weighs the same; how much the cells differ stands beside the mean"
    static let surprisesTitle = "worth a look: far from what other suites, or the suite's other cells, lead to expect"

    /// Whether there is anything to look across.
    static func isShown(_ findings: FindingsDocument) -> Bool { findings.suiteNames.count > 1 }

    /// The surprises to show.
    static func shown(_ surprises: [SurpriseRecord]) -> [SurpriseRecord] {
        Array(surprises.filter { $0.z.magnitude >= leastZ }.prefix(mostShown))
    }

    /// What is not shown; nil where all is.
    static func notShown(_ surprises: [SurpriseRecord]) -> String? {
        let far = surprises.count { $0.z.magnitude >= leastZ }
        guard far > mostShown else { return nil }
        return "\(NumberText.grouped(far - mostShown)) more lie at least \(NumberText.fixed(leastZ, decimals: 0)) "
            + "spreads away; of \(NumberText.grouped(surprises.count)) about one in twenty does so by chance"
    }

    static func group(_ rollUp: RollUpRecord) -> String { "\(rollUp.grouping.rawValue): \(rollUp.name)" }

    /// The mean with its error, or that there is none.
    static func mean(_ rollUp: RollUpRecord) -> String {
        guard let mean = rollUp.mean else { return leftOut(rollUp) == nil ? "not evaluated" : NumberText.none }
        guard let error = rollUp.standardError else { return Measure.rate.estimate(mean) }
        return "\(Measure.rate.estimate(mean)) ± \(Measure.rate.size(error))"
    }

    static func member(_ member: RollUpRecord.Member?) -> String {
        member.map { "\(Measure.rate.estimate($0.estimate)) \($0.suite.text): \($0.configuration.text)" }
            ?? NumberText.none
    }

    static func iSquared(_ rollUp: RollUpRecord) -> String {
        rollUp.heterogeneity.map { NumberText.percent($0.iSquared) } ?? NumberText.none
    }

    static func pValue(_ rollUp: RollUpRecord) -> String {
        rollUp.heterogeneity.map { NumberText.pValue($0.pValue) } ?? NumberText.none
    }

    /// The random-effects mean with Hartung and Knapp's interval, or with the normal one where there is none.
    static func randomEffects(_ rollUp: RollUpRecord) -> String {
        guard let effects = rollUp.heterogeneity else { return NumberText.none }
        let interval = Measure.rate.interval(effects.hartungKnapp ?? effects.interval)
        return "\(Measure.rate.estimate(effects.mean)) (\(interval))"
    }

    /// The cells of a group that did not enter; nil where all did.
    static func leftOut(_ rollUp: RollUpRecord) -> String? {
        let reasons = [
            (rollUp.leftOut.withoutEstimate, "without a counted outcome"),
            (rollUp.leftOut.onAnotherScale, "whose scores can lie outside 0 to 1"),
            (rollUp.leftOut.withoutError, "of unknown error"),
        ]
        let parts = reasons.filter { $0.0 > 0 }.map { "\(NumberText.grouped($0.0)) \($0.1)" }
        return parts.isEmpty ? nil : "\(group(rollUp)), cells left out: " + parts.joined(separator: ", ")
    }

    static func subject(_ surprise: SurpriseRecord) -> String {
        let compared = surprise.comparedWith.map { " − \($0.text)" } ?? ""
        return "\(surprise.suite.text): \(surprise.configuration.text)\(compared)"
    }

    /// An estimate or a difference of a surprise, in the unit of its suite.
    static func value(_ value: Double, of surprise: SurpriseRecord, in cells: [CellRecord]) -> String {
        let measure = Measure(suite: surprise.suite, in: cells)
        return surprise.comparedWith == nil ? measure.estimate(value) : measure.difference(value)
    }

    static func z(_ surprise: SurpriseRecord) -> String { NumberText.signed(surprise.z, decimals: 1) }
}
