// What the cells of a running round come to so far, for a terminal.

public import ParleyModel

/// Estimates so far, one cell a line.
///
/// - Parameters:
///   - styled: whether the heading is bold (ANSI).
///   - width: the columns of the screen, within which wide tables are folded; nil for no limit.
public func liveTable(_ estimates: [LiveEstimate], styled: Bool, width: Int?) -> String {
    var table = TerminalTable(
        columns: [.init("suite"), .init("configuration")]
            + ["done", "refused", "estimate", "95 % interval"].map { .init($0, .right) },
        isStyled: styled
    )
    for cell in estimates {
        let measure: Measure = cell.measure == "rate" ? .rate : .mean
        table.append([
            cell.suite.text,
            cell.configuration.text,
            "\(NumberText.grouped(cell.finished)) of \(NumberText.grouped(cell.planned))",
            NumberText.grouped(cell.refused),
            cell.estimate.map(measure.estimate) ?? NumberText.none,
            cell.interval.map(measure.interval) ?? NumberText.none,
        ])
    }
    return table.render(width: width)
}
