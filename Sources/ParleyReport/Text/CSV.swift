// Findings as CSV (RFC 4180): one line a record, numbers in full, an absent one empty.

public import ParleyModel

/// The cells as CSV, with a header and no newline at the end.
public func cellsCSV(_ cells: [CellRecord]) -> String {
    var header = ["suite", "configuration", "planned", "never_run", "ruled_out", "counted", "clusters", "measure"]
    header += ["estimate", "standard_error", "lower", "upper", "level", "method"]
    header += OutcomeKind.allCases.map(\.name) + ["right", "wrong"]
    header += ["input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "reasoning_tokens", "cost"]
    header += ["p50_ms", "p95_ms", "p99_ms", "flags"]
    return csv([header] + cells.map(fields))
}

/// The comparisons as CSV, with a header and no newline at the end.
public func comparisonsCSV(_ comparisons: [ComparisonRecord]) -> String {
    var header = [
        "suite", "left", "right", "shared_samples", "difference", "standard_error", "lower", "upper", "level",
    ]
    header += [
        "method", "test", "p_value", "permutation_p_value", "holm_p_value", "false_discovery_p_value",
        "minimum_detectable_effect",
    ]
    header += ["verdict", "rule", "flags"]
    return csv([header] + comparisons.map(fields))
}

/// The agreement of judges as CSV, with a header and no newline at the end; judges are separated by a space.
public func agreementsCSV(_ agreements: [JudgeAgreementRecord]) -> String {
    var header = ["suite", "judges", "units", "ratings", "raw_agreement", "cohen_kappa", "cohen_kappa_quadratic"]
    header += ["fleiss_kappa", "krippendorff_alpha", "krippendorff_alpha_interval"]
    return csv([header] + agreements.map(fields))
}

/// The errors of judges as CSV, with a header and no newline at the end.
public func judgeErrorsCSV(_ errors: [JudgeErrorRecord]) -> String {
    var header = ["suite", "configuration", "judge", "same_family", "audited_samples", "audited_observations"]
    header += ["disagreements", "no_verdict", "unlabelled_samples", "raw", "label_mean", "judge_error"]
    header += ["judge_error_standard_error", "corrected", "standard_error", "lower", "upper", "level", "method"]
    header += ["weight", "true_positives", "false_positives", "true_negatives", "false_negatives"]
    return csv([header] + errors.map(fields))
}

/// The home bias of judges as CSV, with a header and no newline at the end; configurations are separated by a space.
public func homeBiasCSV(_ biases: [HomeBiasRecord]) -> String {
    var header = ["suite", "left_judge", "right_judge", "left_family", "right_family", "left_configurations"]
    header += ["right_configurations", "shared_samples", "left_difference", "right_difference", "interaction"]
    header += ["standard_error", "lower", "upper", "level", "method", "p_value", "holm_p_value"]
    return csv([header] + biases.map(fields))
}

private func fields(_ cell: CellRecord) -> [String] {
    var fields = [cell.suite.text, cell.configuration.text]
    fields += [cell.planned, cell.neverRun, cell.ruledOut ?? 0, cell.counted, cell.clusters].map { String($0) }
    fields += [cell.measure ?? "", number(cell.estimate), number(cell.standardError)]
    fields += intervalFields(cell.interval)
    fields += OutcomeKind.allCases.map { String(cell.kinds[$0, default: 0]) }
    fields += [cell.answers?.right, cell.answers?.wrong].map { $0.map { String($0) } ?? "" }
    let usage = cell.usage
    let tokens = [usage.input, usage.output, usage.cacheRead, usage.cacheWrite, usage.reasoning]
    fields += tokens.map { String($0) }
    fields.append(number(cell.cost.value))
    fields += [number(cell.latency?.p50), number(cell.latency?.p95), number(cell.latency?.p99)]
    fields.append(cell.flags.joined(separator: "; "))
    return fields
}

private func fields(_ comparison: ComparisonRecord) -> [String] {
    var fields = [comparison.suite.text, comparison.left.text, comparison.right.text]
    fields += [String(comparison.sharedSamples), number(comparison.difference), number(comparison.standardError)]
    fields += intervalFields(comparison.interval)
    fields += [comparison.test ?? "", number(comparison.pValue), number(comparison.permutation?.pValue)]
    fields += [
        number(comparison.adjustedPValue), number(comparison.falseDiscoveryPValue),
        number(comparison.minimumDetectableEffect),
    ]
    fields += [comparison.verdict, comparison.rule, (comparison.flags ?? []).joined(separator: "; ")]
    return fields
}

private func fields(_ agreement: JudgeAgreementRecord) -> [String] {
    var fields = [agreement.suite.text, agreement.judges.map(\.text).joined(separator: " ")]
    fields += [agreement.units, agreement.ratings].map { String($0) }
    fields += [agreement.rawAgreement, agreement.cohenKappa, agreement.cohenKappaQuadratic].map(number)
    fields += [agreement.fleissKappa, agreement.krippendorffAlpha, agreement.krippendorffAlphaInterval].map(number)
    return fields
}

private func fields(_ error: JudgeErrorRecord) -> [String] {
    var fields = [error.suite.text, error.configuration.text, error.judge.text]
    fields.append(error.sameFamily.map { String($0) } ?? "")
    fields += [error.auditedSamples, error.auditedObservations, error.disagreements].map { String($0) }
    fields += [error.noVerdict, error.unlabelledSamples].map { String($0) }
    fields += [error.raw, error.labelMean, error.judgeError, error.judgeErrorStandardError].map(number)
    fields += [error.corrected?.estimate, error.corrected?.standardError].map(number)
    fields += intervalFields(error.corrected?.interval)
    fields.append(number(error.corrected?.weight))
    let confusion = error.confusion
    fields += [
        confusion?.truePositives, confusion?.falsePositives, confusion?.trueNegatives, confusion?.falseNegatives,
    ].map { $0.map { String($0) } ?? "" }
    return fields
}

private func fields(_ bias: HomeBiasRecord) -> [String] {
    var fields = [bias.suite.text, bias.leftJudge.text, bias.rightJudge.text]
    fields += [bias.leftFamily.text, bias.rightFamily.text]
    fields += [bias.leftConfigurations, bias.rightConfigurations].map { $0.map(\.text).joined(separator: " ") }
    fields.append(String(bias.sharedSamples))
    fields += [bias.leftDifference, bias.rightDifference, bias.interaction, bias.standardError].map(number)
    fields += intervalFields(bias.interval)
    fields += [number(bias.pValue), number(bias.adjustedPValue)]
    return fields
}

private func intervalFields(_ interval: Interval?) -> [String] {
    [number(interval?.lower), number(interval?.upper), number(interval?.level), interval?.method ?? ""]
}

private func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }

func csv(_ rows: [[String]]) -> String {
    rows.map { $0.map(quoted).joined(separator: ",") }.joined(separator: "\n")
}

private func quoted(_ field: String) -> String {
    guard field.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return field }
    return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
}
