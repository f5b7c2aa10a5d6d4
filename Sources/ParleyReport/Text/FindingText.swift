// How a finding is put into words: the same in the terminal and in the report. A rate is a percentage and a
// difference of rates is in percentage points; any other mean stands in the score's own unit.

internal import ParleyModel

/// The unit that a suite's estimates are in.
enum Measure {
    case rate
    case mean

    init(of cell: CellRecord) { self = cell.measure == "rate" ? .rate : .mean }

    /// A suite's comparisons are of rates only where every estimate in it is one.
    init(suite: SuiteName, in cells: [CellRecord]) {
        let measures = cells.filter { $0.suite == suite }.compactMap(\.measure)
        self = !measures.isEmpty && measures.allSatisfy { $0 == "rate" } ? .rate : .mean
    }

    func estimate(_ value: Double) -> String {
        switch self {
        case .rate: NumberText.percent(value)
        case .mean: NumberText.fixed(value, decimals: 3)
        }
    }

    func interval(_ interval: Interval) -> String {
        switch self {
        case .rate:
            NumberText.fixed(interval.lower * 100, decimals: 1) + "–" + NumberText.percent(interval.upper)
        case .mean:
            NumberText.fixed(interval.lower, decimals: 3) + " to " + NumberText.fixed(interval.upper, decimals: 3)
        }
    }

    func difference(_ value: Double) -> String { signed(value) + unit }

    func differenceInterval(_ interval: Interval) -> String {
        signed(interval.lower) + " to " + signed(interval.upper) + unit
    }

    /// A size without a sign, such as a minimum detectable effect.
    func size(_ value: Double) -> String {
        switch self {
        case .rate: NumberText.fixed(value * 100, decimals: 1) + unit
        case .mean: NumberText.fixed(value, decimals: 3)
        }
    }

    private var unit: String { self == .rate ? " pp" : "" }

    private func signed(_ value: Double) -> String {
        switch self {
        case .rate: NumberText.signed(value * 100, decimals: 1)
        case .mean: NumberText.signed(value, decimals: 3)
        }
    }
}

/// Sentences and words that both forms of the findings use.
enum FindingText {
    static let simulated = "SIMULATED MODELS: these figures say nothing about any real model"
    static let noCounted = "no counted outcomes"

    /// What must be known of suites whose answers were graded again, one text a suite.
    static func gradedAgain(_ findings: FindingsDocument) -> [String] {
        findings.suites.compactMap { suite in
            guard let grader = suite.grader, !grader.frozen else { return nil }
            return "\(suite.name): graded again by version \(grader.version), not by the frozen grader: exploratory"
        }
    }

    /// Whether the parties signed what was run.
    static func agreement(_ findings: FindingsDocument) -> String {
        guard let count = findings.signatures else { return "not signed by its parties: one operator ran it" }
        return "signed by \(NumberText.grouped(count)) or more of its parties before it ran"
    }

    static func amendment(_ amendment: Amendment) -> String {
        let suites = amendment.suites.isEmpty ? "all suites" : amendment.suites.map(\.text).joined(separator: ", ")
        return "amended after it was agreed, and exploratory for that in \(suites): \(amendment.text)"
    }

    /// What figures lack: outcomes that are missing, and those that were ruled out.
    static func gaps(_ findings: FindingsDocument) -> [String] {
        let planned = NumberText.grouped(findings.cells.reduce(0) { $0 + $1.planned })
        let missing = findings.cells.reduce(0) { $0 + $1.outstanding }
        var gaps: [String] = []
        if !findings.complete {
            let what =
                missing > 0
                ? "\(NumberText.grouped(missing)) of \(planned) planned outcomes are missing"
                : "not every planned job has its final outcome"
            gaps.append("INCOMPLETE: \(what); these figures may change")
        }
        if findings.ruledOut > 0 {
            let count = NumberText.grouped(findings.ruledOut)
            gaps.append("RULED OUT: \(count) of \(planned) planned outcomes, which these figures leave out")
        }
        return gaps
    }

    /// The estimate, or the words that stand for its absence.
    static func estimate(_ cell: CellRecord) -> String {
        guard let estimate = cell.estimate else { return noCounted }
        return Measure(of: cell).estimate(estimate)
    }

    /// What missing outcomes could do to the estimate; nil where none is missing or nothing was counted.
    static func missing(_ cell: CellRecord) -> String? {
        guard let missing = cell.missing, cell.estimate != nil else { return nil }
        let measure = Measure(of: cell)
        return "\(NumberText.grouped(missing.outcomes)) outcomes are missing; whatever they are, the estimate lies "
            + "between \(measure.estimate(missing.lower)) and \(measure.estimate(missing.upper))"
    }

    /// What failed, by class, and what was ruled out; nil where neither is.
    static func failures(_ cell: CellRecord) -> String? {
        var parts = (cell.failures ?? [:]).sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
            "\(NumberText.grouped($0.value)) failed (\($0.key))"
        }
        if let ruledOut = cell.ruledOut { parts.append("\(NumberText.grouped(ruledOut)) ruled out") }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    /// The heading of ``answers(_:)``.
    static let answersTitle = "right / wrong / refused"

    /// The shares of all outcomes that are right, wrong and refused.
    static func answers(_ cell: CellRecord) -> String {
        guard let answers = cell.answers else { return NumberText.none }
        let total = Double(answers.right + answers.wrong + answers.refused + answers.other)
        let shares = [answers.right, answers.wrong, answers.refused].map {
            NumberText.fixed(Double($0) / total * 100, decimals: 1)
        }
        return shares.joined(separator: " / ") + " %"
    }

    static func interval(_ cell: CellRecord) -> String {
        cell.interval.map(Measure(of: cell).interval) ?? NumberText.none
    }

    /// `95 % interval`, or only `interval` where the intervals have several levels or there are none.
    static func intervalTitle(_ intervals: [Interval]) -> String {
        guard let level = Set(intervals.map(\.level)).first, intervals.allSatisfy({ $0.level == level }) else {
            return "interval"
        }
        let percentage = level * 100
        return NumberText.fixed(percentage, decimals: percentage == percentage.rounded() ? 0 : 1) + " % interval"
    }
}

extension FindingsDocument {
    /// Every suite that has a summary or a cell, each once, in the order of the document.
    var suiteNames: [SuiteName] {
        var seen: Set<SuiteName> = []
        return (suites.map(\.name) + cells.map(\.suite)).filter { seen.insert($0).inserted }
    }

    func cells(of suite: SuiteName) -> [CellRecord] { cells.filter { $0.suite == suite } }

    func title(of suite: SuiteName) -> String { suites.first { $0.name == suite }?.title ?? suite.text }

    func title(of party: PartyName) -> String { parties.first { $0.name == party }?.title ?? party.text }
}
