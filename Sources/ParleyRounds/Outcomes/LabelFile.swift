// Label files: what people said of transcripts of a round, one label a row, as CSV with a header or as JSONL. Each
// label is held against the round's definition, so that a misspelt name is an error and not a label without effect.

public import ParleyModel

/// A file of people's labels.
public enum LabelFile {
    private static let columns = ["suite", "configuration", "sample", "score"]

    /// The labels of a file, in the file's order. Columns: `suite`, `configuration`, `sample` (its id), `score`, and
    /// `epoch` where it is not 1.
    /// - Parameter samples: by suite that models judge, the number of each sample id in the frozen order
    /// - Throws: `InvalidInput` with the places of up to 20 bad rows, and of columns that are missing.
    public static func read(
        _ path: String,
        definition: RoundDefinition,
        samples: [SuiteName: [String: Int]]
    ) throws(InvalidInput) -> [LabelRecord] {
        let reader = LabelReader(definition: definition, samples: samples)
        let file = RowFile(
            path: path,
            columns: columns,
            columnRemedy: "the columns are \(columns.joined(separator: ", ")) and, where it is not 1, epoch"
        )
        var labels: [LabelRecord] = []
        var lines: [LabelRecord: Int] = [:]
        try file.read { row in
            let label = try reader.label(row)
            var transcript = label
            transcript.score = .zero
            if let first = lines.updateValue(row.line, forKey: transcript) {
                throw RowProblem("this transcript has a label on line \(first) already", "settle on one label")
            }
            labels.append(label)
        }
        return labels
    }
}

/// Holds rows against a definition.
private struct LabelReader {
    let definition: RoundDefinition
    let samples: [SuiteName: [String: Int]]

    func label(_ row: FileRow) throws(RowProblem) -> LabelRecord {
        let suite = try suite(row)
        let configuration = ConfigurationName(try row.text("configuration"))
        let cells = definition.cells.filter { $0.suite == suite.name }.map(\.configuration)
        guard cells.contains(configuration) else {
            throw unknown("configuration", configuration.text, of: suite, cells.map(\.text))
        }
        let id = try row.text("sample")
        guard let sample = samples[suite.name]?[id] else {
            throw RowProblem(
                "suite '\(suite.name)' has no sample '\(id.prefix(60))'",
                "write the sample's id as the dataset has it; without ids in the dataset it is the row's number"
            )
        }
        let epoch = try row.count("epoch") ?? 1
        guard (1...Int64(suite.epochs)).contains(epoch) else {
            throw RowProblem("suite '\(suite.name)' has no epoch \(epoch)", "write 1 to \(suite.epochs)")
        }
        return LabelRecord(
            suite: suite.name,
            configuration: configuration,
            sample: sample,
            epoch: Int(epoch),
            score: try score(row, suite)
        )
    }

    private func suite(_ row: FileRow) throws(RowProblem) -> Suite {
        let name = try row.text("suite")
        let judged = definition.suites.filter { $0.scorer.grader != nil }
        guard let suite = definition.suite(SuiteName(name)) else {
            throw unknown("suite", name, of: nil, judged.map(\.name.text))
        }
        guard suite.scorer.grader != nil else {
            throw RowProblem(
                "suite '\(name)' is not judged by models, so that no label can correct a judge",
                judged.isEmpty ? nil : "label one of \(judged.map(\.name.text).joined(separator: ", "))"
            )
        }
        return suite
    }

    private func score(_ row: FileRow, _ suite: Suite) throws(RowProblem) -> Score {
        guard let score = try row.score("score") else {
            throw RowProblem("'score' is empty", "write what people said, or leave the row out")
        }
        let scale = suite.scorer.grader.map { Array($0.scale.values) } ?? []
        guard let lowest = scale.min(), let highest = scale.max(), !(lowest...highest).contains(score) else {
            return score
        }
        throw RowProblem(
            "the score \(score) is outside the scale of suite '\(suite.name)'",
            "write \(lowest) to \(highest)"
        )
    }

    private func unknown(_ kind: String, _ name: String, of suite: Suite?, _ known: [String]) -> RowProblem {
        RowProblem(
            (suite.map { "suite '\($0.name)' was not put to" } ?? "the round has no") + " \(kind) '\(name)'",
            known.isEmpty ? nil : "there is: \(known.joined(separator: ", "))"
        )
    }
}
