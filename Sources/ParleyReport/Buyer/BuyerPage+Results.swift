// What was found: every finding that was agreed on, shown or not, with interval, method, n and clusters; and the areas.

internal import ParleyModel

extension BuyerPage {
    var results: Markup {
        var table = MarkupTable(
            caption: "Every finding that was agreed on for the vendor's models, in the order of the signed definition. "
                + "n counts outcomes, clusters are the samples that they repeat.",
            columns: [
                ("Suite", .text), ("Configuration", .text), ("Status", .text), ("Asked", .text),
                ("Estimate", .number), ("Interval", .number), ("n", .number),
            ]
        )
        for answer in document.answers { table.rows.append(row(answer)) }
        let shown = document.answers.count { $0.status == .shown }
        let lead =
            document.answers.isEmpty
            ? "Nothing was agreed on for these models: they were not evaluated."
            : "\(document.answers.count) findings were agreed on before the round ran; \(shown) are shown."
        return Self.section("Findings", [.element("p", lead)] + (document.answers.isEmpty ? [] : [table.markup]))
    }

    private func row(_ answer: FindingAnswer) -> [Markup] {
        let measure: Measure = answer.measure == "rate" ? .rate : .mean
        let estimate = answer.estimate.map(measure.estimate) ?? NumberText.none
        let corrected = answer.corrected.map { "\(measure.estimate($0.estimate)) without the judge's error" }
        let intervals = answer.corrected.compactMap { $0.interval.map(measure.interval) }
        let evaluator = findings.title(of: answer.evaluator)
        let claim =
            "claim: \(Claim.text(answer.claim)); by \(answer.crossParty ? evaluator : "\(evaluator), the vendor itself")"
        let method = answer.interval.map { "\(NumberText.percent($0.level)), \($0.method)" } ?? ""
        let raw = answer.interval.map(measure.interval) ?? NumberText.none
        return [
            .group([.text(findings.title(of: answer.suite)), Self.detail(claim)]),
            .group(
                [.element("a", ["href": "#c-\(answer.configuration.text)"], answer.configuration.text)]
                    + answer.flags.map { .element("span", ["class": "flag"], $0) }
            ),
            .group([Self.status(answer.status), Self.detail(answer.because)]),
            .text(answer.threshold?.text ?? "no threshold"),
            .group([
                .text(corrected.isEmpty ? estimate : corrected.joined(separator: " / ")),
                Self.detail(corrected.isEmpty ? answer.measure ?? "" : "raw \(estimate)"),
            ]),
            .group([.text(intervals.isEmpty ? raw : intervals.joined(separator: " / ")), Self.detail(method)]),
            .group([
                .text(NumberText.grouped(answer.counted)),
                Self.detail("\(NumberText.grouped(answer.clusters)) clusters"),
            ]),
        ]
    }

    private static func detail(_ text: String) -> Markup { .element("span", ["class": "detail"], text) }

    var areas: Markup {
        var table = MarkupTable(
            caption:
                "The six areas. An area is shown only where all findings of other parties in it are. Two of them, mech-interp and "
                + "most of model organisms, cannot be filled by probes from outside.",
            columns: [("Area", .text), ("Status", .text), ("Findings", .text)]
        )
        for area in AreaAnswer.all(of: document.answers) {
            let names = area.findings.map { String($0.dropFirst("cell/".count)) }
            table.rows.append([
                .text(area.area.rawValue), Self.status(area.status),
                .text(names.isEmpty ? "none" : names.joined(separator: ", ")),
            ])
        }
        return Self.section("Areas", [table.markup])
    }

    var comparisons: Markup {
        guard !findings.comparisons.isEmpty else {
            return Self.section("Comparisons", [.element("p", "No two configurations of the vendor ran on one suite.")])
        }
        var table = MarkupTable(
            caption:
                "All comparisons between the vendor's own configurations, left minus right, on shared samples; p is "
                + "adjusted over this table (Holm).",
            columns: [
                ("Suite", .text), ("Left − right", .text), ("Verdict", .text), ("Difference", .number),
                ("Interval", .number), ("p (Holm)", .number), ("Detectable", .number), ("Samples", .number),
            ]
        )
        for comparison in findings.comparisons {
            let measure = Measure(suite: comparison.suite, in: findings.cells)
            let flags = (comparison.flags ?? []).map { Markup.element("span", ["class": "flag"], $0) }
            table.rows.append([
                .text(comparison.suite.text),
                .group([.text("\(comparison.left.text) − \(comparison.right.text)")] + flags),
                .text(comparison.verdict), .text(comparison.difference.map(measure.difference) ?? NumberText.none),
                .text(comparison.interval.map(measure.differenceInterval) ?? NumberText.none),
                .text(comparison.adjustedPValue.map(NumberText.pValue) ?? NumberText.none),
                .text(comparison.minimumDetectableEffect.map(measure.size) ?? NumberText.none),
                .text(NumberText.grouped(comparison.sharedSamples)),
            ])
        }
        return Self.section("Comparisons", [table.markup])
    }
}
