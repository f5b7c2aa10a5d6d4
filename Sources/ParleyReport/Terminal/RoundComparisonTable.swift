// Two rounds compared, as a terminal shows it.

public import ParleyModel

/// The comparison of two rounds as text for a terminal.
///
/// - Parameters:
///   - styled: whether headings and notices are bold (ANSI).
///   - width: the columns of the screen, within which wide tables are folded; nil for no limit.
public func roundComparisonTable(_ comparison: RoundComparisonDocument, styled: Bool, width: Int?) -> String {
    let (earlier, later) = (comparison.earlier, comparison.later)
    var text = TerminalStyle.bold("\(later.round.text) compared with \(earlier.round.text)", styled) + "\n"
    text += "later minus earlier, on the samples that both rounds hold; higher is better\n"
    if earlier.simulated || later.simulated { text += TerminalStyle.bold(FindingText.simulated, styled) + "\n" }
    guard !comparison.changes.isEmpty else { return text + "No cell is in both rounds.\n" }
    let interval = FindingText.intervalTitle(comparison.changes.compactMap(\.interval))
    var table = TerminalTable(
        columns: [.init("cell"), .init("verdict"), .init("status"), .init("harness")]
            + ["earlier", "later", "difference", interval].map { .init($0, .right) }
            + ["p (Holm)", "detectable", "anchors"].map { .init($0, .right) },
        isStyled: styled
    )
    for change in comparison.changes {
        table.append([
            "\(change.suite.text): \(change.configuration.text)",
            change.verdict,
            change.status.rawValue,
            change.harness.rawValue,
            number(change.earlier),
            number(change.later),
            change.difference.map { NumberText.signed($0, decimals: 3) } ?? NumberText.none,
            change.interval.map(Measure.mean.differenceInterval) ?? NumberText.none,
            change.adjustedPValue.map(NumberText.pValue) ?? NumberText.none,
            number(change.minimumDetectableEffect),
            NumberText.grouped(change.anchorSamples),
        ])
    }
    text += "\n" + table.render(width: width)
    for change in comparison.changes where !change.changedSettings.isEmpty {
        let settings = change.changedSettings.joined(separator: ", ")
        text += Escape.terminal("\(change.suite.text): \(change.configuration.text) changed: \(settings)") + "\n"
    }
    for change in comparison.changes {
        guard let flags = change.flags else { continue }
        let cell = "\(change.suite.text): \(change.configuration.text)"
        text += Escape.terminal("\(cell) flagged: \(flags.joined(separator: ", "))") + "\n"
    }
    for (name, cells) in [(earlier.round.text, comparison.onlyInEarlier), (later.round.text, comparison.onlyInLater)]
    where !cells.isEmpty {
        text += Escape.terminal("only in \(name), so not evaluated in both: \(cells.joined(separator: "; "))") + "\n"
    }
    return text
}

private func number(_ value: Double?) -> String {
    value.map { NumberText.fixed($0, decimals: 3) } ?? NumberText.none
}
