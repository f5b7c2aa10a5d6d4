// Outcome files: results that some other system wrote, one outcome a row, as CSV with a header or as JSONL. Only the
// suite, configuration, sample and score must be there; their columns can be called anything.

public import ParleyModel

/// A file of outcomes.
public enum OutcomeFile {
    /// Hands every outcome of a file to `body`, in the file's order; the file is never held whole.
    ///
    /// Beside the named columns it reads, where they are there: `kind`, `input_tokens`, `output_tokens`,
    /// `cached_tokens`, `reasoning_tokens`, `cost` and `latency_ms`.
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
                reasoning: try row.count("reasoning_tokens") ?? 0
            ),
            cost: Money(billionths: try row.billionths("cost") ?? 0),
            latencyMicros: try latency(row),
            verdicts: verdicts,
            label: try fields.labels.flatMap { column throws(RowProblem) in try row.score(column) }
        )
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
