// Findings as CSV (RFC 4180): one line a cell or a comparison, numbers in full, an absent one empty.

public import ParleyModel

/// The cells as CSV, with a header and no newline at the end.
public func cellsCSV(_ cells: [CellRecord]) -> String {
    var header = ["suite", "configuration", "planned", "never_run", "counted", "clusters", "measure", "estimate"]
    header += ["standard_error", "lower", "upper", "level", "method"]
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
    header += ["verdict", "rule"]
    return csv([header] + comparisons.map(fields))
}

private func fields(_ cell: CellRecord) -> [String] {
    var fields = [cell.suite.text, cell.configuration.text]
    fields += [cell.planned, cell.neverRun, cell.counted, cell.clusters].map { String($0) }
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
    fields += [comparison.verdict, comparison.rule]
    return fields
}

private func intervalFields(_ interval: Interval?) -> [String] {
    [number(interval?.lower), number(interval?.upper), number(interval?.level), interval?.method ?? ""]
}

private func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }

private func csv(_ rows: [[String]]) -> String {
    rows.map { $0.map(quoted).joined(separator: ",") }.joined(separator: "\n")
}

private func quoted(_ field: String) -> String {
    guard field.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return field }
    return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
}
