// Rounds of a series, as a terminal shows them.

public import ParleyModel

/// The findings of a series as text for a terminal: a column for each round, then what changed from each to the next.
///
/// - Parameters:
///   - styled: whether headings and notices are bold (ANSI).
///   - width: the columns of the screen, within which wide tables are folded; nil for no limit.
public func seriesTable(_ series: SeriesFindings, styled: Bool, width: Int?) -> String {
    let names = series.rounds.map(\.round.text)
    var text = TerminalStyle.bold(names.joined(separator: ", "), styled) + "\n"
    text += "the mean of each round ± its standard error; higher is better\n"
    if series.rounds.contains(where: \.simulated) { text += TerminalStyle.bold(FindingText.simulated, styled) + "\n" }
    var table = TerminalTable(columns: [.init("cell")] + names.map { .init($0, .right) }, isStyled: styled)
    for cell in series.cells {
        let points = Dictionary(cell.points.map { ($0.round.text, $0) }, uniquingKeysWith: { first, _ in first })
        table.append(["\(cell.suite.text): \(cell.configuration.text)"] + names.map { estimate(points[$0]) })
    }
    text += "\n" + table.render(width: width)
    for step in series.steps { text += "\n" + roundComparisonTable(step, styled: styled, width: width) }
    return text
}

private func estimate(_ point: SeriesFindings.Point?) -> String {
    guard let mean = point?.mean else { return NumberText.none }
    let error = point?.standardError.map { " ± " + NumberText.fixed($0, decimals: 3) } ?? ""
    return NumberText.fixed(mean, decimals: 3) + error
}
