// The findings for a terminal: a block a suite, then the comparisons. Every estimate stands with its interval and its
// denominators; what is simulated or incomplete says so first.

public import ParleyModel

/// The findings of a round as text.
public func findingsTable(_ findings: FindingsDocument, styled: Bool, width: Int?) -> String {
    var parts = [heading(findings)]
    for suite in findings.suites {
        parts.append(block(suite, findings, styled: styled))
    }
    if !findings.comparisons.isEmpty { parts.append(comparisons(findings, styled: styled)) }
    return parts.joined(separator: "\n\n")
}

private func heading(_ findings: FindingsDocument) -> String {
    var lines = ["\(findings.round): \(Escape.terminal(findings.title)) (\(findings.tier.rawValue))"]
    if findings.simulated { lines.append("SIMULATED MODELS: these figures say nothing about any real model.") }
    if !findings.complete { lines.append("INCOMPLETE: planned jobs have no outcome yet; see the column 'not run'.") }
    lines.append("Definition \(findings.definitionHash)")
    return lines.joined(separator: "\n")
}

private func block(_ suite: SuiteSummary, _ findings: FindingsDocument, styled: Bool) -> String {
    var table = TerminalTable(
        [
            .init("configuration"), .init("estimate", isRightAligned: true),
            .init("95 % interval", isRightAligned: true),
            .init("counted", isRightAligned: true), .init("samples", isRightAligned: true), .init("other outcomes"),
            .init("not run", isRightAligned: true), .init("tokens", isRightAligned: true),
            .init("cost", isRightAligned: true), .init("p50 ms", isRightAligned: true),
        ],
        isStyled: styled
    )
    for cell in findings.cells where cell.suite == suite.name {
        let isRate = cell.measure == "rate"
        table.add([
            cell.configuration.text,
            cell.estimate.map { NumberText.estimate($0, isRate: isRate) } ?? "none counted",
            cell.interval.map {
                "\(NumberText.estimate($0.lower, isRate: isRate)) to \(NumberText.estimate($0.upper, isRate: isRate))"
            } ?? "-",
            "\(cell.counted)/\(cell.planned)", "\(cell.clusters)", otherOutcomes(cell), "\(cell.neverRun)",
            NumberText.count(cell.usage.total), NumberText.fixed(cell.cost.value, decimals: 2),
            cell.latency.map { NumberText.fixed($0.p50, decimals: 0) } ?? "-",
        ])
    }
    let areas = suite.areas.map(\.rawValue).joined(separator: ", ")
    return "\(suite.name) (\(areas); of \(suite.party); scored by \(suite.scorer.rawValue))\n\(table.render())"
}

private func otherOutcomes(_ cell: CellRecord) -> String {
    let parts = OutcomeKind.allCases.compactMap { kind -> String? in
        guard kind != .scored, let count = cell.kinds[kind], count > 0 else { return nil }
        return "\(kind.name) \(count)"
    }
    return parts.isEmpty ? "-" : parts.joined(separator: ", ")
}

private func comparisons(_ findings: FindingsDocument, styled: Bool) -> String {
    var table = TerminalTable(
        [
            .init("suite"), .init("left"), .init("right"), .init("difference", isRightAligned: true),
            .init("95 % interval", isRightAligned: true), .init("shared", isRightAligned: true),
            .init("p", isRightAligned: true), .init("Holm p", isRightAligned: true),
            .init("detectable", isRightAligned: true), .init("verdict on left"),
        ],
        isStyled: styled
    )
    let number = { (value: Double?) in value.map { NumberText.fixed($0, decimals: 3) } ?? "-" }
    for row in findings.comparisons {
        table.add([
            row.suite.text, row.left.text, row.right.text, number(row.difference),
            row.interval.map { "\(number($0.lower)) to \(number($0.upper))" } ?? "-", "\(row.sharedSamples)",
            row.pValue.map(NumberText.pValue) ?? "-", row.adjustedPValue.map(NumberText.pValue) ?? "-",
            number(row.minimumDetectableEffect), row.verdict,
        ])
    }
    return "Comparisons, paired by sample (left minus right; Holm over all of them)\n\(table.render())"
}
