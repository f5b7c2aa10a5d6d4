// Roll-ups and surprises as a terminal shows them, below the comparisons.

internal import ParleyModel

/// The blocks of the findings that look across suites; none in a round of one suite.
func rollUpBlocks(_ findings: FindingsDocument, styled: Bool, width: Int?) -> [String] {
    guard RollUpText.isShown(findings) else { return [] }
    return [
        rollUpBlock(findings.rollUps, styled: styled, width: width),
        surpriseBlock(findings, styled: styled, width: width),
    ]
}

private func rollUpBlock(_ rollUps: [RollUpRecord], styled: Bool, width: Int?) -> String {
    guard !rollUps.isEmpty else { return "" }
    var table = TerminalTable(
        columns: [.init("group")]
            + ["cells", "suites", "mean", "I²", "p (Q)", "random effects"].map { .init($0, .right) }
            + ["lowest", "highest"].map { .init($0) },
        isStyled: styled
    )
    for rollUp in rollUps {
        table.append([
            RollUpText.group(rollUp),
            NumberText.grouped(rollUp.cells),
            NumberText.grouped(rollUp.suites),
            RollUpText.mean(rollUp),
            RollUpText.iSquared(rollUp),
            RollUpText.pValue(rollUp),
            RollUpText.randomEffects(rollUp),
            RollUpText.member(rollUp.lowest),
            RollUpText.member(rollUp.highest),
        ])
    }
    let notes = rollUps.compactMap(RollUpText.leftOut).map { Escape.terminal($0) + "\n" }
    return TerminalStyle.bold(RollUpText.rollUpsTitle, styled) + "\n" + table.render(width: width) + notes.joined()
}

private func surpriseBlock(_ findings: FindingsDocument, styled: Bool, width: Int?) -> String {
    let shown = RollUpText.shown(findings.surprises)
    guard !shown.isEmpty else { return "" }
    var table = TerminalTable(
        columns: [.init("what")] + ["found", "expected", "z", "others"].map { .init($0, .right) },
        isStyled: styled
    )
    for surprise in shown {
        table.append([
            RollUpText.subject(surprise),
            RollUpText.value(surprise.estimate, of: surprise, in: findings.cells),
            RollUpText.value(surprise.expected, of: surprise, in: findings.cells),
            RollUpText.z(surprise),
            NumberText.grouped(surprise.others),
        ])
    }
    let note = RollUpText.notShown(findings.surprises).map { $0 + "\n" } ?? ""
    return TerminalStyle.bold(RollUpText.surprisesTitle, styled) + "\n" + table.render(width: width) + note
}
