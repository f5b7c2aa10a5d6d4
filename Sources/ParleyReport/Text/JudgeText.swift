// How what is said of judges is put into words: the same in the terminal and in the report.

internal import ParleyModel

/// Sentences and words about judges.
enum JudgeText {
    static let axesTitle = "axes of rubrics, each over the transcripts that were judged on it"
    static let agreementsTitle = "agreement of judges on the same transcripts, as it is and beyond chance"
    static let errorsTitle = "errors of judges against people's labels, and the estimates without them"
    static let homeBiasesTitle = "home bias: whether each judge favours its own vendor's models"
    static let read =
        "Read the corrected estimates: people's labels, if drawn at random, took the judge's errors out of them; the "
        + "raw ones stand beside them only"
    static let uncorrected =
        "Comparisons, and whatever sums up cells, are of the estimates as they stand, with the judges' errors in them"
    static let fleiss = "kappa is Cohen's, of more than two judges Fleiss's"

    static func coefficient(_ value: Double?) -> String {
        value.map { NumberText.fixed($0, decimals: 3) } ?? NumberText.none
    }

    static func judges(_ record: JudgeAgreementRecord) -> String {
        record.judges.map(\.text).joined(separator: ", ")
    }

    static func rawAgreement(_ record: JudgeAgreementRecord) -> String {
        record.rawAgreement.map(NumberText.percent) ?? NumberText.none
    }

    static func kappa(_ record: JudgeAgreementRecord) -> String {
        coefficient(record.cohenKappa ?? record.fleissKappa)
    }

    /// Whether how far scores are apart matters to what is shown: on scales of more than two scores.
    static func hasDistances(_ records: [JudgeAgreementRecord]) -> Bool {
        records.contains { coefficient($0.krippendorffAlpha) != coefficient($0.krippendorffAlphaInterval) }
    }

    static func cell(_ record: JudgeErrorRecord) -> String { "\(record.suite.text): \(record.configuration.text)" }

    static func disagreements(_ record: JudgeErrorRecord) -> String {
        "\(NumberText.grouped(record.disagreements)) of \(NumberText.grouped(record.auditedObservations))"
    }

    /// The corrected estimate with its interval, or that there is none.
    static func corrected(_ record: JudgeErrorRecord, _ measure: Measure) -> String {
        record.corrected.map { corrected($0, measure) } ?? "not audited"
    }

    static func corrected(_ correction: JudgeErrorRecord.Correction, _ measure: Measure) -> String {
        let interval = correction.interval.map(measure.interval) ?? "no interval"
        return "\(measure.estimate(correction.estimate)) (\(interval))"
    }

    static func family(_ record: JudgeErrorRecord) -> String {
        record.sameFamily.map { $0 ? "own vendor" : "other vendor" } ?? NumberText.none
    }

    /// Labelled transcripts on which the judge was silent; nil where there is none.
    static func noVerdict(_ record: JudgeErrorRecord) -> String? {
        guard record.noVerdict > 0 else { return nil }
        return
            "\(cell(record)): \(record.judge.text) gave no verdict on \(NumberText.grouped(record.noVerdict)) labelled "
            + "transcripts, which enter nothing"
    }

    static func judges(_ record: HomeBiasRecord) -> String {
        "\(record.suite.text): \(record.leftJudge.text) (\(record.leftFamily.text)) − \(record.rightJudge.text) "
            + "(\(record.rightFamily.text))"
    }

    /// The p value over all home biases of the round.
    static func pValue(_ record: HomeBiasRecord) -> String {
        record.adjustedPValue.map(NumberText.pValue) ?? NumberText.none
    }
}
