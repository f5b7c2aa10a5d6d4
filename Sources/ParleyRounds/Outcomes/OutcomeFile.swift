// Outcome files: results that some other system wrote, one outcome a row, as CSV with a header or as JSONL. Only the
// suite, configuration, sample and score must be there; their columns can be called anything.

public import ParleyModel

/// Which column of an outcome file holds what.
public struct OutcomeFields: Hashable, Sendable {
    /// The column whose values name the suite; nil where the whole file is one.
    public var suite: String?
    /// The columns whose values, joined by `/`, name the configuration.
    public var configuration: [String]
    /// The column that tells samples apart; rows of one suite with one value are repetitions of one sample.
    public var sample: String
    /// The column with the score; empty, `null` and NaN mean that there is none.
    public var score: String

    public init(suite: String?, configuration: [String], sample: String, score: String) {
        self.suite = suite
        self.configuration = configuration
        self.sample = sample
        self.score = score
    }
}

/// A file of outcomes.
public enum OutcomeFile {
    /// Hands every outcome of a file to `body`, in the file's order; the file is never held whole.
    ///
    /// Beside the named columns it reads, where they are there: `kind`, `input_tokens`, `output_tokens`,
    /// `cached_tokens`, `reasoning_tokens`, `cost` and `latency_ms`.
    /// - Throws: `InvalidInput` with the places of up to 20 bad rows.
    public static func read(
        _ path: String,
        fields: OutcomeFields,
        _ body: (OutcomeRecord) throws -> Void
    ) throws {
        let format: DatasetFormat = path.lowercased().hasSuffix(".csv") ? .csv : .jsonl
        let specification = DatasetSpecification(file: path, path: path, format: format)
        var problems: [Diagnostic] = []
        do {
            var scanner = try RowScanner(specification)
            var decoder = RowDecoder(format: format)
            while problems.count < DatasetScan.badRowLimit, let row = try scanner.next() {
                let line = Int(row.location.line)
                do {
                    if decoder.needsHeader {
                        try decoder.readHeader(row)
                    } else {
                        try body(record(decoder.object(row), fields: fields))
                    }
                } catch let problem as RowProblem {
                    // A column that is missing everywhere is said once.
                    guard problems.last?.message != problem.message else { continue }
                    problems.append(problem.diagnostic(file: path, line: line))
                } catch {
                    problems.append(Diagnostic(file: path, line: line, "\(error)"))
                }
            }
        } catch {
            problems.append(error)
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
    }

    private static func record(_ row: [String: JSONValue], fields: OutcomeFields) throws(RowProblem) -> OutcomeRecord {
        var configuration: [String] = []
        for column in fields.configuration { configuration.append(try text(row, column)) }
        let score = try score(row, fields.score)
        return OutcomeRecord(
            suite: SuiteName(try fields.suite.map { column throws(RowProblem) in try text(row, column) } ?? "all"),
            configuration: ConfigurationName(configuration.joined(separator: "/")),
            sample: try text(row, fields.sample),
            kind: try kind(row, score: score),
            score: score,
            usage: Usage(
                input: try count(row, "input_tokens"),
                output: try count(row, "output_tokens"),
                cacheRead: try count(row, "cached_tokens"),
                reasoning: try count(row, "reasoning_tokens")
            ),
            cost: Money(billionths: try billionths(row, "cost") ?? 0),
            latencyMicros: try latency(row)
        )
    }

    /// The text of a column that every row must have.
    private static func text(_ row: [String: JSONValue], _ column: String) throws(RowProblem) -> String {
        guard let value = row[column] else {
            throw RowProblem(
                "no column '\(column)'; there is: \(row.keys.sorted().joined(separator: ", "))",
                "name the column by --suite, --configuration, --sample or --score"
            )
        }
        switch value {
        case .string(let text) where !text.isEmpty: return text
        case .integer, .number, .bool: return value.canonical
        default: throw RowProblem("'\(column)' is empty", "give every row a value, or leave the row out")
        }
    }

    /// The row's `kind`; without one, a row with a score is scored and a row without is unscorable.
    private static func kind(_ row: [String: JSONValue], score: Score?) throws(RowProblem) -> OutcomeKind {
        guard case .string(let name)? = row["kind"], !name.isEmpty else { return score == nil ? .unscorable : .scored }
        guard let kind = OutcomeKind(name: name) else {
            throw RowProblem(
                "'\(name)' is no outcome kind",
                "write one of \(OutcomeKind.allCases.map(\.name).joined(separator: ", "))"
            )
        }
        return kind
    }

    private static func score(_ row: [String: JSONValue], _ column: String) throws(RowProblem) -> Score? {
        guard let value = row[column] else { _ = try text(row, column); return nil }
        switch value {
        case .null: return nil
        case .bool(let isRight): return Score(billionths: isRight ? Score.unit : 0)
        case .string(let text) where ["true", "True", "TRUE"].contains(text): return Score(billionths: Score.unit)
        case .string(let text) where ["false", "False", "FALSE"].contains(text): return Score(billionths: 0)
        default: return try billionths(row, column).map(Score.init(billionths:))
        }
    }

    private static func count(_ row: [String: JSONValue], _ column: String) throws(RowProblem) -> Int64 {
        guard let number = try number(row, column) else { return 0 }
        guard number >= 0, number < 1e12, number == number.rounded() else {
            throw RowProblem("'\(column)' is \(number), which is no count", "write a whole number from 0")
        }
        return Int64(number)
    }

    private static func latency(_ row: [String: JSONValue]) throws(RowProblem) -> Int64? {
        guard let milliseconds = try number(row, "latency_ms") else { return nil }
        guard milliseconds >= 0, milliseconds <= 1e12 else {
            throw RowProblem("'latency_ms' is \(milliseconds), which is no latency", "write milliseconds from 0")
        }
        return Int64((milliseconds * 1000).rounded())
    }

    private static func billionths(_ row: [String: JSONValue], _ column: String) throws(RowProblem) -> Int64? {
        guard let number = try number(row, column) else { return nil }
        guard number.magnitude <= 1_000_000, let score = Score(number) else {
            throw RowProblem("'\(column)' is \(number), beyond 1,000,000", "scale it")
        }
        return score.billionths
    }

    /// A number, or nil where the column is missing, empty, null or NaN.
    private static func number(_ row: [String: JSONValue], _ column: String) throws(RowProblem) -> Double? {
        switch row[column] {
        case nil, .null?: return nil
        case .integer(let value)?: return Double(value)
        case .number(let value)?: return value.isNaN ? nil : value
        case .string(let text)?:
            if text.isEmpty || ["nan", "na", "null", "none"].contains(text.lowercased()) { return nil }
            guard let value = Double(text), value.isFinite else {
                throw RowProblem("'\(column)' is '\(text)', which is no number", "write a number, or leave it empty")
            }
            return value
        default: throw RowProblem("'\(column)' is no number", "write a number, or leave it empty")
        }
    }
}
