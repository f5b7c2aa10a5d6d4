// The findings as a terminal shows them: what must be known before any figure, then a block for each suite, then the
// comparisons.

public import ParleyModel

/// The findings as text for a terminal.
///
/// - Parameters:
///   - styled: whether headings and notices are bold (ANSI).
///   - width: the columns of the screen, within which wide tables are folded; nil for no limit.
public func findingsTable(_ findings: FindingsDocument, styled: Bool, width: Int?) -> String {
    FindingsTable(findings: findings, isStyled: styled, width: width).text
}

private struct FindingsTable {
    let findings: FindingsDocument
    let isStyled: Bool
    let width: Int?

    var text: String {
        let blocks = [heading] + findings.suiteNames.map(suite) + [comparisons]
        return blocks.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var heading: String {
        var lines = [bold("\(findings.round.text): \(findings.title)")]
        lines.append("\(findings.tier.rawValue) round, definition \(findings.definitionHash)")
        lines.append(findings.asOf.map { "as of \(Escape.terminal($0))" } ?? "no outcome yet")
        if findings.simulated { lines.append(bold(FindingText.simulated)) }
        if let incomplete = FindingText.incomplete(findings) { lines.append(bold(incomplete)) }
        return lines.map { $0 + "\n" }.joined()
    }

    private func suite(_ name: SuiteName) -> String {
        let cells = findings.cells(of: name)
        let kinds = OutcomeKind.allCases.filter { kind in cells.contains { $0.kinds[kind, default: 0] > 0 } }
        let interval = FindingText.intervalTitle(cells.compactMap(\.interval))
        var table = TerminalTable(
            columns: [.init("configuration"), .init("estimate", .right), .init(interval, .right)]
                + [.init("counted (samples)", .right)] + kinds.map { .init($0.name, .right) }
                + ["never run", "planned", "tokens", "cost", "p50"].map { .init($0, .right) },
            isStyled: isStyled
        )
        for cell in cells {
            table.append(
                [cell.configuration.text, FindingText.estimate(cell), FindingText.interval(cell)]
                    + ["\(NumberText.grouped(cell.counted)) (\(NumberText.grouped(cell.clusters)))"]
                    + kinds.map { NumberText.grouped(cell.kinds[$0, default: 0]) }
                    + [NumberText.grouped(cell.neverRun), NumberText.grouped(cell.planned)]
                    + [NumberText.grouped(cell.usage.total), NumberText.money(cell.cost, currency: findings.currency)]
                    + [cell.latency.map { NumberText.latency(milliseconds: $0.p50) } ?? NumberText.none]
            )
        }
        let flags = cells.filter { !$0.flags.isEmpty }.map {
            Escape.terminal("\($0.configuration.text): \($0.flags.joined(separator: ", "))") + "\n"
        }
        return bold("\(name.text): \(findings.title(of: name))") + "\n" + table.render(width: width) + flags.joined()
    }

    private var comparisons: String {
        guard !findings.comparisons.isEmpty else { return "" }
        let interval = FindingText.intervalTitle(findings.comparisons.compactMap(\.interval))
        var table = TerminalTable(
            columns: [.init("comparison")] + [.init("difference", .right), .init(interval, .right)]
                + ["shared samples", "p", "p (Holm)", "detectable"].map { .init($0, .right) } + [.init("verdict")],
            isStyled: isStyled
        )
        for comparison in findings.comparisons {
            let measure = Measure(suite: comparison.suite, in: findings)
            table.append([
                "\(comparison.suite.text): \(comparison.left.text) − \(comparison.right.text)",
                comparison.difference.map(measure.difference) ?? NumberText.none,
                comparison.interval.map(measure.differenceInterval) ?? NumberText.none,
                NumberText.grouped(comparison.sharedSamples),
                comparison.pValue.map(NumberText.pValue) ?? NumberText.none,
                comparison.adjustedPValue.map(NumberText.pValue) ?? NumberText.none,
                comparison.minimumDetectableEffect.map(measure.size) ?? NumberText.none,
                comparison.verdict,
            ])
        }
        return bold("comparisons: left minus right on shared samples") + "\n" + table.render(width: width)
    }

    private func bold(_ text: String) -> String {
        let text = Escape.terminal(text)
        return isStyled ? "\u{1B}[1m\(text)\u{1B}[0m" : text
    }
}
