// What is said of judges as a terminal shows it, below the comparisons.

internal import ParleyModel

/// The blocks about judges; a block that has nothing to say is empty.
struct JudgeTables {
    let judges: JudgeRecords
    let cells: [CellRecord]
    let isStyled: Bool
    let width: Int?

    var blocks: [String] { [axes, agreements, errors, homeBiases] }

    private var axes: String {
        let records = judges.axes ?? []
        var table = TerminalTable(
            columns: [.init("axis"), .init("configuration")]
                + ["estimate", FindingText.intervalTitle(records.compactMap(\.interval)), "judged (samples)"].map {
                    .init($0, .right)
                },
            isStyled: isStyled
        )
        for record in records {
            table.append([
                record.suite.text, record.configuration.text, FindingText.estimate(record),
                FindingText.interval(record),
                "\(NumberText.grouped(record.counted)) (\(NumberText.grouped(record.clusters)))",
            ])
        }
        return block(JudgeText.axesTitle, table, isEmpty: records.isEmpty, notes: [])
    }

    private var agreements: String {
        let hasDistances = JudgeText.hasDistances(judges.agreements)
        var table = TerminalTable(
            columns: [.init("suite"), .init("judges")]
                + (["transcripts", "agree", "kappa", "alpha"] + (hasDistances ? ["alpha (distance)"] : [])).map {
                    .init($0, .right)
                },
            isStyled: isStyled
        )
        for record in judges.agreements {
            table.append(
                [
                    record.suite.text, JudgeText.judges(record), NumberText.grouped(record.units),
                    JudgeText.rawAgreement(record), JudgeText.kappa(record),
                    JudgeText.coefficient(record.krippendorffAlpha),
                ] + (hasDistances ? [JudgeText.coefficient(record.krippendorffAlphaInterval)] : [])
            )
        }
        let notes = judges.agreements.contains { $0.judges.count > 2 } ? [JudgeText.fleiss] : []
        return block(JudgeText.agreementsTitle, table, isEmpty: judges.agreements.isEmpty, notes: notes)
    }

    private var errors: String {
        let hasFamilies = judges.errors.contains { $0.sameFamily != nil }
        let interval = FindingText.intervalTitle(judges.errors.compactMap { $0.corrected?.interval })
        var table = TerminalTable(
            columns: [.init("cell"), .init("judge")]
                + ["audited samples", "disagree", "raw", "corrected (\(interval))"].map { .init($0, .right) }
                + (hasFamilies ? [.init("judge is of")] : []),
            isStyled: isStyled
        )
        for record in judges.errors {
            let measure = Measure(suite: record.suite, in: cells)
            table.append(
                [
                    JudgeText.cell(record), record.judge.text, NumberText.grouped(record.auditedSamples),
                    JudgeText.disagreements(record), record.raw.map(measure.estimate) ?? NumberText.none,
                    JudgeText.corrected(record, measure),
                ] + (hasFamilies ? [JudgeText.family(record)] : [])
            )
        }
        let notes = judges.errors.compactMap(JudgeText.noVerdict) + [JudgeText.uncorrected]
        return block(JudgeText.errorsTitle, table, isEmpty: judges.errors.isEmpty, notes: notes)
    }

    private var homeBiases: String {
        let interval = FindingText.intervalTitle(judges.homeBiases.compactMap(\.interval))
        var table = TerminalTable(
            columns: [.init("judges")]
                + ["on the first's", "on the second's", "home bias", interval, "p (Holm)", "shared samples"].map {
                    .init($0, .right)
                },
            isStyled: isStyled
        )
        for record in judges.homeBiases {
            let measure = Measure(suite: record.suite, in: cells)
            table.append(
                [JudgeText.judges(record)]
                    + [record.leftDifference, record.rightDifference, record.interaction].map {
                        $0.map(measure.difference) ?? NumberText.none
                    }
                    + [
                        record.interval.map(measure.differenceInterval) ?? NumberText.none,
                        JudgeText.pValue(record), NumberText.grouped(record.sharedSamples),
                    ]
            )
        }
        return block(JudgeText.homeBiasesTitle, table, isEmpty: judges.homeBiases.isEmpty, notes: [])
    }

    private func block(_ title: String, _ table: TerminalTable, isEmpty: Bool, notes: [String]) -> String {
        guard !isEmpty else { return "" }
        return TerminalStyle.bold(title, isStyled) + "\n" + table.render(width: width)
            + notes.map { Escape.terminal($0) + "\n" }.joined()
    }
}
