// Outcome files: results that some other system wrote, one outcome a row, as CSV with a header or as JSONL. Only the
// suite, configuration, sample and score must be there; their columns can be called anything.

public import ParleyModel

/// A file of outcomes.
public enum OutcomeFile {
    /// Hands every outcome of a file to `body`, in the file's order; the file is never held whole.
    ///
    /// Beside the named columns it reads, where they are there: `kind`, `input_tokens`, `output_tokens`,
    /// `cached_tokens`, `cache_write_tokens`, `reasoning_tokens`, `cost`, `latency_ms`, and what `parley export` says of
    /// the suite: `counts_as`, `scale_min` and `scale_max`.
    /// - Throws: `InvalidInput` with the places of up to 20 bad rows, and of columns that are missing.
    public static func read(
        _ path: String,
        fields: OutcomeFields,
        _ body: (OutcomeRecord) throws -> Void
    ) throws(InvalidInput) {
        let file = RowFile(
            path: path,
            columns: fields.required,
            columnRemedy: "name the column by --suite, --configuration, --sample, --score, --judge or --labels"
        )
        try file.read { row in try body(record(row, fields: fields)) }
    }

    private static func record(_ row: FileRow, fields: OutcomeFields) throws(RowProblem) -> OutcomeRecord {
        var configuration: [String] = []
        for column in fields.configuration { configuration.append(try row.text(column)) }
        let score = try row.score(fields.score)
        var verdicts: [JudgeVerdict] = []
        for column in fields.verdicts {
            verdicts.append(JudgeVerdict(judge: ConfigurationName(column), score: try row.score(column)))
        }
        return OutcomeRecord(
            suite: SuiteName(try fields.suite.map { column throws(RowProblem) in try row.text(column) } ?? "all"),
            configuration: ConfigurationName(configuration.joined(separator: "/")),
            sample: try row.text(fields.sample),
            kind: try kind(row, score: score),
            score: score,
            usage: Usage(
                input: try row.count("input_tokens") ?? 0,
                output: try row.count("output_tokens") ?? 0,
                cacheRead: try row.count("cached_tokens") ?? 0,
                cacheWrite: try row.count("cache_write_tokens") ?? 0,
                reasoning: try row.count("reasoning_tokens") ?? 0
            ),
            cost: Money(billionths: try row.billionths("cost") ?? 0),
            latencyMicros: try latency(row),
            verdicts: verdicts,
            label: try fields.labels.flatMap { column throws(RowProblem) in try row.score(column) },
            treatment: try treatment(row),
            scale: try scale(row)
        )
    }

    /// What the suite makes of the row's kind, in the words of a round file, or the score that it counts as.
    private static func treatment(_ row: FileRow) throws(RowProblem) -> KindTreatment? {
        switch row.members["counts_as"] {
        case nil, .null?, .string("")?: return nil
        case .string("as_scored")?: return .asScored
        case .string("exclude")?: return .exclude
        case .string("report_apart")?: return .reportApart
        default: return try row.billionths("counts_as").map { .scoreAs(Score(billionths: $0)) }
        }
    }

    private static func scale(_ row: FileRow) throws(RowProblem) -> ClosedRange<Score>? {
        guard let lowest = try row.billionths("scale_min"), let highest = try row.billionths("scale_max") else {
            return nil
        }
        guard lowest <= highest else { throw RowProblem("'scale_min' is above 'scale_max'", "swap them") }
        return Score(billionths: lowest)...Score(billionths: highest)
    }

    /// The row's `kind`; without one, a row with a score is scored and a row without is unscorable.
    private static func kind(_ row: FileRow, score: Score?) throws(RowProblem) -> OutcomeKind {
        guard case .string(let name)? = row.members["kind"], !name.isEmpty else {
            return score == nil ? .unscorable : .scored
        }
        guard let kind = OutcomeKind(name: name) else {
            throw RowProblem(
                "'\(name)' is no outcome kind",
                "write one of \(OutcomeKind.allCases.map(\.name).joined(separator: ", "))"
            )
        }
        return kind
    }

    private static func latency(_ row: FileRow) throws(RowProblem) -> Int64? {
        guard let milliseconds = try row.number("latency_ms") else { return nil }
        guard milliseconds >= 0, milliseconds <= 1e12 else {
            throw RowProblem("'latency_ms' is \(milliseconds), which is no latency", "write milliseconds from 0")
        }
        return Int64((milliseconds * 1000).rounded())
    }
}
