// Writes one group of cells as Every Eval Ever 0.3.0 has it: instances as JSON lines, then the aggregate, which states
// their number and their hash. The format asks each instance for a score; an observation without one is not given a 0
// but stands in a third file beside them, counted in the aggregate.

public import ParleyModel

/// The files of one evaluator and configuration.
public final class EveryEvalEverWriter {
    static let version = "0.3.0"

    private let group: EveryEvalEverGroup
    private let samples: AtomicFile
    private let folder: String
    private let asOfMicros: Int64
    private let instances: EveryEvalEverInstance
    private var hash = ContentHash.Stream()
    private var unscored: AtomicFile?
    private var unscoredRows = 0
    /// Instances that were written.
    public private(set) var rows = 0
    public private(set) var notes = ExchangeNotes()

    /// - Parameter asOfMicros: when the round was finished, in microseconds since the Unix epoch
    public init(_ group: EveryEvalEverGroup, folder: String, asOfMicros: Int64?) throws(ParleyFailure) {
        self.group = group
        self.folder = folder
        self.asOfMicros = asOfMicros ?? group.cells[0].createdAtMicros
        instances = EveryEvalEverInstance(group)
        samples = try AtomicFile(path: "\(folder)/\(group.basePath)_samples.jsonl")
    }

    /// The files that were written.
    public var files: [String] {
        [aggregatePath, samples.path] + (unscored.map { [$0.path] } ?? [])
    }

    private var aggregatePath: String { "\(folder)/\(group.basePath).json" }

    public func add(_ record: ExchangeRecord, of cell: ExchangeCell) throws(ParleyFailure) {
        guard let score = record.counted(in: cell.suite) else {
            if unscored == nil { unscored = try AtomicFile(path: "\(folder)/\(group.basePath)_unscored.jsonl") }
            try unscored?.write(instances.row(record, of: cell, score: nil).canonicalBytes + [0x0A])
            unscoredRows += 1
            notes.add(
                "an observation does not count or has no score, which the format asks for: it stands in *_unscored.jsonl",
                at: "\(cell.suite.name)/\(record.sample.id.prefix(40))"
            )
            return
        }
        let line = instances.row(record, of: cell, score: score).canonicalBytes + [0x0A]
        hash.update(line)
        try samples.write(line)
        rows += 1
    }

    /// Ends the files.
    /// - Parameter findings: the round's; those of this group's cells are taken
    public func finish(findings: [CellRecord]) throws {
        try samples.commit()
        try unscored?.commit()
        var results: [JSONValue] = []
        for cell in group.cells {
            let finding = findings.first {
                $0.suite == cell.suite.name && $0.configuration == cell.configuration.name
            }
            guard let finding, let estimate = finding.estimate else {
                notes.add("a cell has no estimate, which the format asks for: it is left out", at: cell.suite.name.text)
                continue
            }
            results.append(result(cell, finding, estimate))
        }
        let file = try AtomicFile(path: aggregatePath)
        try file.write(Array((aggregate(results).pretty + "\n").utf8))
        try file.commit()
    }

    // MARK: - The aggregate

    private func aggregate(_ results: [JSONValue]) -> JSONValue {
        let definition = group.definition
        return [
            "schema_version": .string(Self.version), "evaluation_id": .string(group.evaluationID),
            "evaluation_timestamp": .string(String(group.cells[0].createdAtMicros / 1_000_000)),
            "retrieved_timestamp": .string(String(asOfMicros / 1_000_000)),
            "source_metadata": [
                "source_name": .string(definition.title), "source_type": "evaluation_run",
                "source_organization_name": .string(group.evaluator.title),
                "evaluator_relationship": .string(group.relationship),
                "additional_details": [
                    "round": .string(definition.name.text), "tier": .string(definition.tier.rawValue),
                    "definition_hash": .string(group.cells[0].definitionHash.description),
                    "simulated": .string(String(definition.isSimulated)),
                ],
            ],
            "eval_library": ["name": "parley", "version": "0.1.0"],
            "model_info": modelInfo(group.model, configuration: group.configuration),
            "evaluation_results": .array(results),
            "detailed_evaluation_results": [
                "format": "jsonl", "file_path": .string(group.basePath + "_samples.jsonl"),
                "hash_algorithm": "sha256", "checksum": .string(hash.value.hex), "total_rows": .integer(Int64(rows)),
                "additional_details": ["rows_without_a_score": .string(String(unscoredRows))],
            ],
        ]
    }

    private func modelInfo(_ model: ModelDefinition, configuration: Configuration) -> JSONValue {
        [
            "name": .string(model.modelID), "id": .string(EveryEvalEverGroup.modelID(model)),
            "developer": .string(model.party.text),
            "additional_details": [
                "deployment_type": "unknown", "model_availability": "unknown",
                "access": .string(model.access.rawValue), "configuration": .string(configuration.name.text),
                "safeguards_relaxed": .string(String(configuration.safeguardsRelaxed)),
                "flags": .string(configuration.flags.joined(separator: "; ")),
            ],
        ]
    }

    private func result(_ cell: ExchangeCell, _ finding: CellRecord, _ estimate: Double) -> JSONValue {
        let suite = cell.suite
        var uncertainty: [String: JSONValue] = ["num_samples": .integer(Int64(finding.clusters))]
        if let error = finding.standardError {
            uncertainty["standard_error"] = ["value": .number(error), "method": "clustered by sample"]
        }
        if let interval = finding.interval {
            uncertainty["confidence_interval"] = [
                "lower": .number(interval.lower), "upper": .number(interval.upper),
                "confidence_level": .number(interval.level), "method": .string(interval.method),
            ]
        }
        let kinds = finding.kinds.reduce(into: [String: JSONValue]()) {
            $0[$1.key.name] = .string(String($1.value))
        }
        return [
            "evaluation_result_id": .string(instances.resultID(cell)), "evaluation_name": .string(suite.name.text),
            "source_data": [
                "dataset_name": .string(suite.name.text), "source_type": "other",
                "additional_details": [
                    "digest": .string(suite.dataset.digest.description),
                    "samples": .string(String(suite.dataset.count)),
                ],
            ],
            "metric_config": metric(cell),
            "score_details": [
                "score": .number(estimate), "uncertainty": .object(uncertainty), "details": .object(kinds),
            ],
            "generation_config": ["generation_args": .object(generation(cell))],
        ]
    }

    private func metric(_ cell: ExchangeCell) -> JSONValue {
        let suite = cell.suite
        var members: [String: JSONValue] = [
            "evaluation_description": .string(suite.title), "metric_name": "mean", "lower_is_better": false,
            "score_type": "continuous",
            "metric_parameters": ["epoch_reducer": .string((suite.epochReducer ?? .mean).description)],
        ]
        let range = suite.scoreRange
        members["min_score"] = range.map { .number(Score(billionths: $0.lowerBound).value) } ?? "-Infinity"
        members["max_score"] = range.map { .number(Score(billionths: $0.upperBound).value) } ?? "Infinity"
        if let grader = suite.scorer.grader {
            let judges = grader.judges.compactMap { name -> JSONValue? in
                guard let configuration = cell.definition.configuration(name),
                    let model = cell.definition.model(configuration.model)
                else { return nil }
                var members: [String: JSONValue] = ["model_info": modelInfo(model, configuration: configuration)]
                members["temperature"] = configuration.sampling.temperature.map(JSONValue.number)
                return .object(members)
            }
            let method: JSONValue =
                switch grader.combination {
                case .majority: "majority_vote"
                case .median: "median"
                case .mean: "average"
                }
            members["llm_scoring"] = [
                "judges": .array(judges), "input_prompt": .string(grader.rubric), "aggregation_method": method,
            ]
        }
        return .object(members)
    }

    private func generation(_ cell: ExchangeCell) -> [String: JSONValue] {
        let settings = cell.configuration
        var members: [String: JSONValue] = [
            "max_tokens": .integer(Int64(cell.suite.maxTokens ?? settings.maxTokens)),
            "reasoning": .bool(settings.reasoning != nil),
        ]
        members["temperature"] = settings.sampling.temperature.map(JSONValue.number)
        members["top_p"] = settings.sampling.topP.map(JSONValue.number)
        members["top_k"] = settings.sampling.topK.map { .integer(Int64($0)) }
        members["prompt_template"] = cell.suite.solver.template.map(JSONValue.string)
        return members
    }
}
