// What the judges of the round say on each axis of a rubric, and what is said of them: how far they agree, how far they
// err where people labelled, and whether they favour the models of their own vendor.

internal import ParleyModel

extension HTMLReport {
    /// Nothing in a round without judges.
    var judges: [Markup] {
        let tables = [axes, agreements, errors, homeBiases].compactMap { $0 }
        return tables.isEmpty ? [] : [.element("section", [.element("h2", "Judges")] + tables)]
    }

    private var axes: Markup? {
        guard let records = findings.judges.axes else { return nil }
        var table = MarkupTable(
            caption: "The axes of rubrics, each over the transcripts that were judged on it. A suite's own estimate is "
                + "the mean over its axes.",
            columns: [
                ("Axis", .text), ("Configuration", .text), ("Estimate", .number),
                (FindingText.intervalTitle(records.compactMap(\.interval)), .number), ("Judged (samples)", .number),
            ]
        )
        for record in records {
            table.rows.append([
                link(to: record.suite), link(to: record.configuration), .text(FindingText.estimate(record)),
                .text(FindingText.interval(record)),
                .text("\(NumberText.grouped(record.counted)) (\(NumberText.grouped(record.clusters)))"),
            ])
        }
        return table.markup
    }

    /// A suite by its name; an axis leads to its suite.
    private func link(to suite: SuiteName) -> Markup {
        let known = findings.suiteNames.filter { suite == $0 || suite.text.hasPrefix("\($0.text).") }
        guard let name = known.max(by: { $0.text.count < $1.text.count }) else { return .text(suite.text) }
        return .element("a", ["href": "#s-\(name.text)"], suite.text)
    }

    private var agreements: Markup? {
        let records = findings.judges.agreements
        guard !records.isEmpty else { return nil }
        let hasDistances = JudgeText.hasDistances(records)
        var table = MarkupTable(
            caption: "How far judges agree on the same transcripts: the share of equal scores, and what is left of it "
                + "beyond chance (\(JudgeText.fleiss); alpha is Krippendorff's).",
            columns: [
                ("Suite", .text), ("Judges", .text), ("Transcripts", .number), ("Agree", .number), ("Kappa", .number),
                ("Alpha", .number),
            ] + (hasDistances ? [("Alpha (distance)", .number)] : [])
        )
        for record in records {
            table.rows.append(
                [
                    link(to: record.suite),
                    .text(JudgeText.judges(record)), .text(NumberText.grouped(record.units)),
                    .text(JudgeText.rawAgreement(record)), .text(JudgeText.kappa(record)),
                    .text(JudgeText.coefficient(record.krippendorffAlpha)),
                ] + (hasDistances ? [.text(JudgeText.coefficient(record.krippendorffAlphaInterval))] : [])
            )
        }
        return table.markup
    }

    private var errors: Markup? {
        let records = findings.judges.errors
        guard !records.isEmpty else { return nil }
        let interval = FindingText.intervalTitle(records.compactMap { $0.corrected?.interval })
        var table = MarkupTable(
            caption: "How far each judge errs on each cell, by people's labels of some of its transcripts, and the "
                + "estimate without these errors: the raw one stands beside it only.",
            columns: [
                ("Suite", .text), ("Configuration", .text), ("Judge", .text), ("Audited samples", .number),
                ("Disagree", .number), ("Raw", .number), ("Corrected (\(interval))", .number), ("Judge is of", .text),
            ]
        )
        for record in records {
            let measure = Measure(suite: record.suite, in: findings.cells)
            table.rows.append([
                link(to: record.suite), link(to: record.configuration),
                link(to: record.judge), .text(NumberText.grouped(record.auditedSamples)),
                .text(JudgeText.disagreements(record)), .text(record.raw.map(measure.estimate) ?? NumberText.none),
                .element("strong", JudgeText.corrected(record, measure)), .text(JudgeText.family(record)),
            ])
        }
        let notes = (records.compactMap(JudgeText.noVerdict) + [JudgeText.uncorrected]).map {
            Markup.element("p", ["class": "detail"], $0 + ".")
        }
        return .group([table.markup] + notes)
    }

    private var homeBiases: Markup? {
        let records = findings.judges.homeBiases
        guard !records.isEmpty else { return nil }
        var table = MarkupTable(
            caption:
                "Whether each of two judges favours its own vendor's models: how much higher the first scores than "
                + "the second on the models of either vendor. The bias is the first less the second difference; p is "
                + "adjusted over all rows (Holm).",
            columns: [
                ("Judges", .text), ("On the first's", .number), ("On the second's", .number), ("Home bias", .number),
                (FindingText.intervalTitle(records.compactMap(\.interval)), .number), ("p (Holm)", .number),
                ("Samples", .number),
            ]
        )
        for record in records {
            let measure = Measure(suite: record.suite, in: findings.cells)
            let differences = [record.leftDifference, record.rightDifference, record.interaction].map {
                Markup.text($0.map(measure.difference) ?? NumberText.none)
            }
            table.rows.append(
                [.text(JudgeText.judges(record))] + differences
                    + [
                        .text(record.interval.map(measure.differenceInterval) ?? NumberText.none),
                        .text(JudgeText.pValue(record)), .text(NumberText.grouped(record.sharedSamples)),
                    ]
            )
        }
        return table.markup
    }
}
