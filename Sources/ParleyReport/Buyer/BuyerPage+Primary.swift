// What the round was made for: the comparisons that its parties agreed on, with the least difference that each was to
// show, what became of them, and what was changed after it was agreed. A comparison with another party's model stands here
// by its name; its verdict is for whoever may see both sides.

internal import ParleyModel

extension BuyerPage {
    var primary: Markup {
        guard let agreed = definition.primary else {
            return Self.section(
                "Primary findings",
                [.element("p", "The parties named no comparison before the round ran: all of them are one table.")]
                    + amended
            )
        }
        let own = Set(configurations.map(\.name))
        let touching = agreed.filter { own.contains($0.left) || own.contains($0.right) }
        var table = MarkupTable(
            caption:
                "Every comparison with a model of the vendor that was named before the round ran, left minus right. "
                + "Agreed is the least difference that it was to show.",
            columns: [
                ("Suite", .text), ("Left − right", .text), ("Agreed", .number), ("Verdict", .text),
                ("Difference", .number), ("Interval", .number), ("p (Holm)", .number),
            ]
        )
        for finding in touching { table.rows.append(row(finding)) }
        let lead =
            touching.isEmpty
            ? "\(agreed.count) comparisons were named before the round ran, none with a model of the vendor."
            : "\(touching.count) of the \(agreed.count) comparisons that were named before the round ran are with a model "
                + "of the vendor."
        return Self.section(
            "Primary findings",
            [.element("p", lead)] + (touching.isEmpty ? [] : [table.markup]) + amended
        )
    }

    private func row(_ finding: PrimaryFinding) -> [Markup] {
        let measure = Measure(suite: finding.suite, in: findings.cells)
        let found = findings.comparisons.first { finding.compares($0.suite, $0.left, $0.right) }
        let touched = (findings.amendments ?? []).contains { $0.touches(finding.suite) }
        // The table of comparisons has one order of each pair; here it is the agreed one's.
        let isTurned = found.map { $0.left != finding.left } ?? false
        let interval = found?.interval.map { found in
            isTurned
                ? Interval(lower: -found.upper, upper: -found.lower, level: found.level, method: found.method) : found
        }
        let because =
            found == nil
            ? "the other model is another party's: committed to, not opened here"
            : touched ? "an amendment touches it: exploratory" : found?.rule ?? ""
        return [
            .text(findings.title(of: finding.suite)), .text("\(finding.left.text) − \(finding.right.text)"),
            .text(measure.size(finding.effect.value)),
            .group([
                .text(found.map { isTurned ? Self.turned($0.verdict) : $0.verdict } ?? "withheld"),
                .element("span", ["class": "detail"], because),
            ]),
            .text(found?.difference.map { measure.difference(isTurned ? -$0 : $0) } ?? NumberText.none),
            .text(interval.map(measure.differenceInterval) ?? NumberText.none),
            .text(found?.adjustedPValue.map(NumberText.pValue) ?? NumberText.none),
        ]
    }

    private static func turned(_ verdict: String) -> String {
        switch verdict {
        case "higher": "lower"
        case "lower": "higher"
        default: verdict
        }
    }

    private var amended: [Markup] {
        let changes = (findings.amendments ?? []).map { amendment in
            let suites = amendment.suites.map(\.text).joined(separator: ", ")
            return "\(amendment.text) (touches \(suites.isEmpty ? "every suite" : suites): exploratory since)"
        }
        return [.element("h3", "Amendments"), Self.list(changes, none: "Nothing was changed after it was agreed.")]
    }
}
