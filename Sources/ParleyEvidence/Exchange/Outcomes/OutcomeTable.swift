// A round as an outcome file, CSV or JSONL: one observation a row. `parley reduce` takes it back and makes of it the
// findings that the round has, so the rows also say what the suite makes of each kind and which scores can occur.

public import ParleyModel

/// An outcome file that is being written; it stands under its name when it is finished.
public final class OutcomeTable {
    public enum Format: String, Sendable, CaseIterable { case csv, jsonl }

    private static let columns = [
        "suite", "configuration", "sample", "epoch", "kind", "score", "counts_as", "scale_min", "scale_max",
        "input_tokens", "output_tokens", "cached_tokens", "cache_write_tokens", "reasoning_tokens", "cost",
        "latency_ms",
        "model_returned", "attempts", "completed_at", "job", "cluster",
    ]

    private let file: AtomicFile
    private let format: Format
    /// Of CSV; the last ones are those of this round's judges and of agents.
    private let columns: [String]
    public private(set) var rows = 0

    /// - Parameter cells: those to come, whose judges have columns of their own, `judge:NAME`, and whose agents have
    ///   those of what their environments say
    public init(path: String, format: Format, cells: [ExchangeCell]) throws(ParleyFailure) {
        file = try AtomicFile(path: path)
        self.format = format
        let judges = Set(cells.flatMap(\.judges)).sorted().map(Self.column)
        let hasAgents = cells.contains { $0.suite.solver.kind == .agent }
        columns = Self.columns + judges + (hasAgents ? EnvironmentMeasure.allCases.map(\.rawValue) : [])
        if format == .csv { try writeLine(columns) }
    }

    private static func column(of judge: ConfigurationName) -> String { "judge:\(judge)" }

    /// Adds an observation.
    /// - Parameter cluster: the group of samples to which it belongs, where the samples have groups
    public func add(_ record: ExchangeRecord, of cell: ExchangeCell, cluster: String? = nil) throws(ParleyFailure) {
        var row = row(record, cell)
        row["cluster"] = cluster.map(JSONValue.string)
        switch format {
        case .csv:
            try writeLine(columns.map { row[$0].map(Self.field) ?? "" })
        case .jsonl: try file.write(JSONValue.object(row).canonicalBytes + [0x0A])
        }
        rows += 1
    }

    public func finish() throws(ParleyFailure) { try file.commit() }

    private func row(_ record: ExchangeRecord, _ cell: ExchangeCell) -> [String: JSONValue] {
        var row: [String: JSONValue] = [
            "suite": .string(cell.suite.name.text), "configuration": .string(cell.configuration.name.text),
            "sample": .string(record.sample.id), "epoch": .integer(Int64(record.epoch)),
            "kind": .string(record.kind.name), "counts_as": Self.treatment(cell.suite.treatment(of: record.kind)),
            "input_tokens": .integer(record.usage.input), "output_tokens": .integer(record.usage.output),
            "cached_tokens": .integer(record.usage.cacheRead), "cache_write_tokens": .integer(record.usage.cacheWrite),
            "reasoning_tokens": .integer(record.usage.reasoning), "cost": .number(record.totalCost.value),
            "latency_ms": .number(Double(record.latencyMicros) / 1000), "attempts": .integer(Int64(record.attempts)),
            "completed_at": .string(Timestamp.text(micros: record.completedAtMicros)),
            "job": .integer(record.job.rawValue),
        ]
        row["score"] = (record.score?.value).map(JSONValue.number) ?? .null
        row["model_returned"] = record.modelReturned.map(JSONValue.string)
        if let range = cell.suite.scoreRange {
            row["scale_min"] = .number(Score(billionths: range.lowerBound).value)
            row["scale_max"] = .number(Score(billionths: range.upperBound).value)
        }
        for judge in cell.judges { row[Self.column(of: judge)] = .null }
        for (judge, grade) in record.grades(by: cell.judges) {
            row[Self.column(of: judge)] = (grade.score?.value).map(JSONValue.number) ?? .null
        }
        if let verdict = record.transcript?.agent?.verdict {
            for measure in EnvironmentMeasure.allCases {
                row[measure.rawValue] = verdict[measure].map(JSONValue.number)
            }
        }
        return row
    }

    private static func treatment(_ treatment: KindTreatment) -> JSONValue {
        switch treatment {
        case .asScored: "as_scored"
        case .scoreAs(let score): .number(score.value)
        case .exclude: "exclude"
        case .reportApart: "report_apart"
        }
    }

    // MARK: - CSV

    private static func field(_ value: JSONValue) -> String {
        switch value {
        case .null: ""
        case .string(let text): quoted(text)
        default: value.canonical
        }
    }

    /// RFC 4180. By bytes: a line feed behind a carriage return is one character to Swift, and two to a reader.
    private static func quoted(_ text: String) -> String {
        guard text.utf8.contains(where: { [0x0A, 0x0D, 0x22, 0x2C].contains($0) }) || text.utf8.first == 0x20
        else { return text }
        var quoted: [UInt8] = [0x22]
        for byte in text.utf8 {
            if byte == 0x22 { quoted.append(0x22) }
            quoted.append(byte)
        }
        return String(decoding: quoted + [0x22], as: UTF8.self)
    }

    private func writeLine(_ fields: [String]) throws(ParleyFailure) {
        try file.write(Array((fields.joined(separator: ",") + "\n").utf8))
    }
}
