// What looks across the suites of the round: groups of cells in a few figures, and what lies far from its like.

internal import ParleyModel

extension HTMLReport {
    /// Nothing in a round of one suite.
    var acrossSuites: [Markup] {
        guard RollUpText.isShown(findings), !findings.rollUps.isEmpty else { return [] }
        let notes = findings.rollUps.compactMap(RollUpText.leftOut).map {
            Markup.element("p", ["class": "detail"], $0 + ".")
        }
        let lead =
            "Of unlike suites a mean says little: read it with the lowest and the highest cell. I² is the share of the "
            + "scatter between the cells that is not chance; p (Q) how often chance alone would scatter them so. Random "
            + "effects is the mean to expect of further cells of the same sort. Suites differ in whether 1 is good."
        return [
            .element("section", [.element("h2", "Across suites"), .element("p", lead), rollUps] + notes + [surprises])
        ]
    }

    private var rollUps: Markup {
        var table = MarkupTable(
            caption: "Groups of cells. Every cell weighs the same; the error is that of these very cells.",
            columns: [
                ("Group", .text), ("Cells", .number), ("Suites", .number), ("Mean", .number), ("I²", .number),
                ("p (Q)", .number), ("Random effects", .number), ("Lowest", .text), ("Highest", .text),
            ]
        )
        for rollUp in findings.rollUps {
            table.rows.append([
                .text(RollUpText.group(rollUp)), .text(NumberText.grouped(rollUp.cells)),
                .text(NumberText.grouped(rollUp.suites)), .text(RollUpText.mean(rollUp)),
                .text(RollUpText.iSquared(rollUp)), .text(RollUpText.pValue(rollUp)),
                .text(RollUpText.randomEffects(rollUp)), member(rollUp.lowest), member(rollUp.highest),
            ])
        }
        return table.markup
    }

    private func member(_ member: RollUpRecord.Member?) -> Markup {
        guard let member else { return .text(NumberText.none) }
        return linked(RollUpText.member(member), member.suite, member.configuration)
    }

    private var surprises: Markup {
        let shown = RollUpText.shown(findings.surprises)
        guard !shown.isEmpty else {
            return .element("p", "Nothing lies far from what the rest of the round leads to expect.")
        }
        var table = MarkupTable(
            caption: "Worth a look: differences far from those of the same configurations on other suites, and "
                + "estimates far from the suite's others, in units of their spread (z). Questions, not findings.",
            columns: [
                ("What", .text), ("Found", .number), ("Expected", .number), ("z", .number), ("Others", .number),
            ]
        )
        for surprise in shown {
            table.rows.append([
                linked(RollUpText.subject(surprise), surprise.suite, surprise.configuration),
                .text(RollUpText.value(surprise.estimate, of: surprise, in: findings.cells)),
                .text(RollUpText.value(surprise.expected, of: surprise, in: findings.cells)),
                .text(RollUpText.z(surprise)), .text(NumberText.grouped(surprise.others)),
            ])
        }
        let note = RollUpText.notShown(findings.surprises).map { Markup.element("p", ["class": "detail"], $0 + ".") }
        return .group([table.markup] + [note].compactMap { $0 })
    }
}
