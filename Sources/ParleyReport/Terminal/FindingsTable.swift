// The findings as a terminal shows them: what must be known before any figure, then a block for each suite, then the
// comparisons, then the judges, then what looks across suites.

public import ParleyModel

/// The findings as text for a terminal.
///
/// - Parameters:
///   - styled: whether headings and notices are bold (ANSI).
///   - width: the columns of the screen, within which wide tables are folded; nil for no limit.
public func findingsTable(_ findings: FindingsDocument, styled: Bool, width: Int?) -> String {
    var lines = [TerminalStyle.bold("\(findings.round.text): \(findings.title)", styled)]
    lines.append("\(findings.tier.rawValue) round, definition \(findings.definitionHash)")
    lines.append(findings.asOf.map { "as of \(Escape.terminal($0))" } ?? "no outcome yet")
    if findings.simulated { lines.append(TerminalStyle.bold(FindingText.simulated, styled)) }
    lines.append(FindingText.agreement(findings))
    for amendment in findings.amendments ?? [] { lines.append(Escape.terminal(FindingText.amendment(amendment))) }
    lines += (FindingText.gaps(findings) + FindingText.gradedAgain(findings)).map { TerminalStyle.bold($0, styled) }
    return FindingsTable(
        heading: lines.map { $0 + "\n" }.joined(),
        suites: findings.suiteNames.map { ($0, "\($0.text): \(findings.title(of: $0))") },
        cells: findings.cells,
        comparisons: findings.comparisons,
        judges: findings.judges,
        corrected: CorrectedEstimates(findings),
        across: rollUpBlocks(findings, styled: styled, width: width),
        currency: findings.currency,
        isStyled: styled,
        width: width
    ).text
}

/// The findings of outcome files as text for a terminal.
///
/// - Parameters:
///   - styled: whether headings are bold (ANSI).
///   - width: the columns of the screen, within which wide tables are folded; nil for no limit.
public func reductionTable(_ reduction: ReductionDocument, styled: Bool, width: Int?) -> String {
    let sources = reduction.sources.map { source in
        Escape.terminal("\(source.file): \(NumberText.grouped(source.outcomes)) outcomes") + "\n"
    }
    var seen: Set<SuiteName> = []
    return FindingsTable(
        heading: sources.joined(),
        suites: reduction.cells.map(\.suite).filter { seen.insert($0).inserted }.map { ($0, $0.text) },
        cells: reduction.cells,
        comparisons: reduction.comparisons,
        judges: reduction.judges,
        corrected: CorrectedEstimates(reduction),
        across: [],
        currency: nil,
        isStyled: styled,
        width: width
    ).text
}

enum TerminalStyle {
    static func bold(_ text: String, _ isStyled: Bool) -> String {
        let text = Escape.terminal(text)
        return isStyled ? "\u{1B}[1m\(text)\u{1B}[0m" : text
    }
}

private struct FindingsTable {
    let heading: String
    /// With their titles.
    let suites: [(name: SuiteName, title: String)]
    let cells: [CellRecord]
    let comparisons: [ComparisonRecord]
    let judges: JudgeRecords
    let corrected: CorrectedEstimates
    /// Blocks that look across suites.
    let across: [String]
    /// nil where nothing is known of the plan and the money.
    let currency: String?
    let isStyled: Bool
    let width: Int?

    var text: String {
        let judged = JudgeTables(judges: judges, cells: cells, isStyled: isStyled, width: width)
        let blocks =
            [heading] + suites.map(block) + [otherIntervalsBlock, comparisonBlock] + judged.blocks + across
        return blocks.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private func block(of suite: (name: SuiteName, title: String)) -> String {
        let cells = cells.filter { $0.suite == suite.name }
        let kinds = OutcomeKind.allCases.filter { kind in cells.contains { $0.kinds[kind, default: 0] > 0 } }
        let interval = FindingText.intervalTitle(cells.compactMap(\.interval))
        let hasAnswers = cells.contains { $0.answers != nil }
        let isCorrected = cells.contains { corrected.estimate(of: $0) != nil }
        var table = TerminalTable(
            columns: [.init("configuration")] + (isCorrected ? [.init("corrected", .right)] : [])
                + [.init(isCorrected ? "raw estimate" : "estimate", .right), .init(interval, .right)]
                + (hasAnswers ? [.init(FindingText.answersTitle, .right)] : [])
                + [.init("counted (samples)", .right)] + kinds.map { .init($0.name, .right) }
                + (currency == nil ? ["tokens", "p50"] : ["never run", "planned", "tokens", "cost", "p50"]).map {
                    .init($0, .right)
                },
            isStyled: isStyled
        )
        for cell in cells {
            let planned = [NumberText.grouped(cell.neverRun), NumberText.grouped(cell.planned)]
            table.append(
                [cell.configuration.text]
                    + (isCorrected ? [corrected.estimate(of: cell) ?? NumberText.none] : [])
                    + [FindingText.estimate(cell), FindingText.interval(cell)]
                    + (hasAnswers ? [FindingText.answers(cell)] : [])
                    + ["\(NumberText.grouped(cell.counted)) (\(NumberText.grouped(cell.clusters)))"]
                    + kinds.map { NumberText.grouped(cell.kinds[$0, default: 0]) }
                    + (currency == nil ? [] : planned) + [NumberText.grouped(cell.usage.total)]
                    + (currency.map { [NumberText.money(cell.cost, currency: $0)] } ?? [])
                    + [cell.latency.map { NumberText.latency(milliseconds: $0.p50) } ?? NumberText.none]
            )
        }
        let flags = cells.filter { !$0.flags.isEmpty }.map {
            Escape.terminal("\($0.configuration.text): \($0.flags.joined(separator: ", "))") + "\n"
        }
        let missing = cells.flatMap { cell in
            [FindingText.failures(cell), FindingText.missing(cell)].compactMap { $0 }.map {
                Escape.terminal("\(cell.configuration.text): \($0)") + "\n"
            }
        }
        let corrections = corrected.notes(cells).map { Escape.terminal($0) + "\n" }
        return TerminalStyle.bold(suite.title, isStyled) + "\n" + table.render(width: width) + corrections.joined()
            + missing.joined() + flags.joined()
    }

    /// Every interval of every cell side by side, where the bootstrap was asked for.
    private var otherIntervalsBlock: String {
        let drawn = cells.filter { $0.bootstrapError != nil }
        guard !drawn.isEmpty else { return "" }
        var table = TerminalTable(
            columns: [.init("cell"), .init("method")] + ["from", "to", "width"].map { .init($0, .right) },
            isStyled: isStyled
        )
        for cell in drawn {
            let measure = Measure(of: cell)
            for interval in [cell.interval].compactMap({ $0 }) + cell.otherIntervals {
                table.append([
                    "\(cell.suite.text): \(cell.configuration.text)",
                    interval.method,
                    measure.estimate(interval.lower),
                    measure.estimate(interval.upper),
                    measure.size(interval.upper - interval.lower),
                ])
            }
        }
        return TerminalStyle.bold("intervals of each estimate, by every method", isStyled) + "\n"
            + table.render(width: width)
    }

    private var comparisonBlock: String {
        guard !comparisons.isEmpty else { return "" }
        let interval = FindingText.intervalTitle(comparisons.compactMap(\.interval))
        let hasPermutations = comparisons.contains { $0.permutation != nil }
        var table = TerminalTable(
            columns: [.init("comparison")] + [.init("difference", .right), .init(interval, .right)]
                + (["shared samples", "p"] + (hasPermutations ? ["p (signs)"] : []) + ["p (Holm)", "detectable"]).map {
                    .init($0, .right)
                } + [.init("verdict")],
            isStyled: isStyled
        )
        for comparison in comparisons {
            let measure = Measure(suite: comparison.suite, in: cells)
            let pValues =
                [comparison.pValue] + (hasPermutations ? [comparison.permutation?.pValue] : [])
                + [comparison.adjustedPValue]
            table.append(
                [
                    "\(comparison.suite.text): \(comparison.left.text) − \(comparison.right.text)",
                    comparison.difference.map(measure.difference) ?? NumberText.none,
                    comparison.interval.map(measure.differenceInterval) ?? NumberText.none,
                    NumberText.grouped(comparison.sharedSamples),
                ] + pValues.map { $0.map(NumberText.pValue) ?? NumberText.none }
                    + [
                        comparison.minimumDetectableEffect.map(measure.size) ?? NumberText.none,
                        comparison.verdict + (comparison.family.map { ", \($0.rawValue)" } ?? ""),
                    ]
            )
        }
        let flags = comparisons.compactMap { comparison in
            comparison.flags.map { Escape.terminal("\(comparison.suite.text): \($0.joined(separator: ", "))") + "\n" }
        }
        var seen: Set<String> = []
        return TerminalStyle.bold("comparisons: left minus right on shared samples", isStyled) + "\n"
            + table.render(width: width) + flags.filter { seen.insert($0).inserted }.joined()
    }
}
