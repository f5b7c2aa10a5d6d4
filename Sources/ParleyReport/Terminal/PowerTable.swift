// How many samples suites need, as a terminal shows it.

public import ParleyModel

/// The table of `parley power` as text for a terminal.
///
/// - Parameters:
///   - styled: whether headings are bold (ANSI).
///   - width: the columns of the screen, within which wide tables are folded; nil for no limit.
public func powerTable(_ power: PowerDocument, styled: Bool, width: Int?) -> String {
    func decimal(_ value: Double) -> String { NumberText.fixed(value, decimals: 3) }
    let lines = [
        "to see a difference of \(decimal(power.difference)) between two configurations, with probability "
            + "\(decimal(power.power)), at \(decimal(power.significance)) over \(NumberText.grouped(power.comparisons)) "
            + "comparison" + (power.comparisons == 1 ? "" : "s"),
        "assumed: standard deviation \(decimal(power.variance.squareRoot())), \(decimal(power.betweenShare)) of the "
            + "variance between samples, correlation \(decimal(power.correlation))",
    ]
    let hasSuites = power.entries.contains { $0.suite != nil }
    var table = TerminalTable(
        columns: (hasSuites ? [.init("suite")] : [])
            + ["epochs", hasSuites ? "samples" : "samples needed"].map { .init($0, .right) }
            + (hasSuites ? ["detectable", "samples needed"] : ["outcomes"]).map { .init($0, .right) },
        isStyled: styled
    )
    for entry in power.entries {
        let samples = [NumberText.grouped(entry.epochs), NumberText.grouped(entry.samples)]
        if hasSuites {
            let needed = entry.samplesNeeded.map { NumberText.grouped($0) } ?? NumberText.none
            table.append([entry.suite?.text ?? ""] + samples + [decimal(entry.minimumDetectableEffect), needed])
        } else {
            table.append(samples + [NumberText.grouped(2 * entry.samples * entry.epochs)])
        }
    }
    return lines.map { $0 + "\n" }.joined() + "\n" + table.render(width: width)
}
