// The comparisons of the round, in one table because their p values were adjusted together.

internal import ParleyModel

extension HTMLReport {
    var comparisons: Markup {
        let heading = Markup.element("h2", "Comparisons")
        guard !findings.comparisons.isEmpty else {
            return .element("section", [heading, .element("p", "This round compares nothing.")])
        }
        var table = MarkupTable(
            caption: "Differences on shared samples: left minus right. The verdict speaks of the left one.",
            columns: [
                ("Suite", .text), ("Left minus right", .text), ("Verdict", .text), ("Difference", .number),
                (FindingText.intervalTitle(findings.comparisons.compactMap(\.interval)), .number), ("p", .number),
                ("p (Holm)", .number), ("Detectable", .number), ("Samples", .number),
            ]
        )
        for comparison in findings.comparisons { table.rows.append(row(comparison)) }
        let primary = findings.comparisons.count { $0.family == .primary }
        let over =
            findings.comparisons.contains { $0.family != nil }
            ? "the \(NumberText.grouped(primary)) primary ones, which were named before the round ran"
            : "all \(NumberText.grouped(findings.comparisons.count)) comparisons below"
        let lead =
            "p (Holm) is adjusted over \(over). "
            + "Detectable is the smallest true difference that so many samples would show with 80 % power at 5 %."
        return .element("section", [heading, .element("p", lead), table.markup])
    }

    private func row(_ comparison: ComparisonRecord) -> [Markup] {
        let measure = Measure(suite: comparison.suite, in: findings.cells)
        return [
            .element("a", ["href": "#s-\(comparison.suite.text)"], comparison.suite.text),
            .group(
                [
                    linked(comparison.left.text, comparison.suite, comparison.left), .text(" − "),
                    linked(comparison.right.text, comparison.suite, comparison.right),
                ] + (comparison.flags ?? []).map { .element("span", ["class": "flag"], $0) }
            ),
            .group([
                .element("strong", comparison.verdict),
                .element("span", ["class": "detail"], comparison.rule + (comparison.test.map { "; \($0)" } ?? "")),
            ]),
            .text(comparison.difference.map(measure.difference) ?? NumberText.none),
            .text(comparison.interval.map(measure.differenceInterval) ?? NumberText.none),
            pValues(comparison),
            .text(comparison.adjustedPValue.map(NumberText.pValue) ?? NumberText.none),
            .text(comparison.minimumDetectableEffect.map(measure.size) ?? NumberText.none),
            .text(NumberText.grouped(comparison.sharedSamples)),
        ]
    }

    /// The p value of the test, and that of flipping signs under it where it was asked for.
    private func pValues(_ comparison: ComparisonRecord) -> Markup {
        let own = Markup.text(comparison.pValue.map(NumberText.pValue) ?? NumberText.none)
        guard let permutation = comparison.permutation else { return own }
        let how = permutation.exact ? "all signs" : "\(NumberText.grouped(permutation.draws)) draws of signs"
        return .group([
            own, .element("span", ["class": "detail"], "\(NumberText.pValue(permutation.pValue)), \(how)"),
        ])
    }
}
