// The header of a log that we write: what was run, how, and what came out. What Inspect has no field for stands in the
// metadata under `parley`: an import of our own log takes suite and configuration from there as they were.

import ParleyModel

/// Makes the header of one cell's log.
struct InspectHeader {
    /// The version of the log's form.
    private static let version: Int64 = 2
    static let metadataKey = "parley"
    private static let efforts: Set<String> = ["none", "minimal", "low", "medium", "high", "xhigh", "max"]

    let cell: ExchangeCell
    let form: InspectSampleForm
    var sampleIDs: [String] = []
    var observations = 0
    var failed = 0
    var usage = Usage()
    var cost = Money.zero
    var firstStartMicros: Int64?
    var lastEndMicros: Int64?

    init(_ form: InspectSampleForm) {
        self.form = form
        cell = form.cell
    }

    /// Takes in one observation.
    mutating func add(_ record: ExchangeRecord) {
        observations += 1
        if record.kind == .failed { failed += 1 }
        usage = usage + record.usage
        cost = cost + record.cost
        let start = record.startedAtMicros ?? record.completedAtMicros
        firstStartMicros = min(firstStartMicros ?? start, start)
        lastEndMicros = max(lastEndMicros ?? record.completedAtMicros, record.completedAtMicros)
    }

    var reducer: EpochReducer { cell.suite.epochReducer ?? .mean }

    /// The whole header.
    func json(scores: [(name: String, scores: InspectScores)], finding: CellRecord?, notes: ExchangeNotes) throws
        -> JSONValue
    {
        [
            "version": .integer(Self.version),
            "status": observations >= cell.planned ? "success" : "started",
            "eval": try eval(finding: finding, notes: notes),
            "plan": [
                "name": "plan", "config": .object(generateConfig()),
                "steps": [["solver": .string(cell.suite.solver.kind.rawValue), "params": [:]]],
            ],
            "results": results(scores),
            "stats": .object(stats()),
        ]
    }

    private func stats() -> [String: JSONValue] {
        var members: [String: JSONValue] = ["model_usage": [form.model: form.usage(usage, cost)]]
        members["started_at"] = firstStartMicros.map { .string(Timestamp.text(micros: $0)) } ?? ""
        members["completed_at"] = lastEndMicros.map { .string(Timestamp.text(micros: $0)) } ?? ""
        return members
    }

    // MARK: - What was run

    private func eval(finding: CellRecord?, notes: ExchangeNotes) throws -> JSONValue {
        let suite = cell.suite
        var own: [String: JSONValue] = [
            "format": "parley.log/1", "round": .string(cell.definition.name.text),
            "definition_hash": .string(cell.definitionHash.description),
            "tier": .string(cell.definition.tier.rawValue), "currency": .string(cell.definition.currency),
            "simulated": .bool(cell.definition.isSimulated), "cell": .integer(Int64(cell.number)),
            "suite": try JSONValue(encoding: suite), "configuration": try JSONValue(encoding: cell.configuration),
            "model": [
                "name": .string(cell.model.name.text), "party": .string(cell.model.party.text),
                "access": .string(cell.model.access.rawValue), "provider": .string(cell.model.provider.rawValue),
                "model_id": .string(cell.model.modelID),
            ],
            "notes": notes.json,
        ]
        own["parties"] = try JSONValue(encoding: cell.definition.parties)
        own["finding"] = try finding.map { try JSONValue(encoding: $0) }
        let reducers: JSONValue = [.string(reducer.inspectName)]
        return [
            "eval_id": .string(cell.uuid("eval")), "eval_set_id": .string(String(cell.definitionHash.hex.prefix(22))),
            "run_id": .string(String(cell.definitionHash.hex.prefix(22))),
            "task_id": .string(cell.uuid("task")), "created": .string(Timestamp.text(micros: cell.createdAtMicros)),
            "task": .string(suite.name.text), "task_display_name": .string(suite.title), "task_version": 0,
            "task_args": [:], "task_attribs": [:],
            "dataset": [
                "name": .string(suite.name.text), "location": .string(suite.dataset.digest.description),
                "samples": .integer(Int64(suite.dataset.count)), "shuffled": false,
                "sample_ids": .array(sampleIDs.map(JSONValue.string)),
            ],
            "model": .string(form.model), "model_generate_config": .object(generateConfig()), "model_args": [:],
            "model_roles": .object(roles()),
            "config": ["epochs": .integer(Int64(suite.epochs)), "epochs_reducer": reducers],
            "packages": ["parley": "0.1.0"], "metadata": [Self.metadataKey: .object(own)],
            "tags": .array(suite.areas.map { .string($0.rawValue) }),
            "scorers": .array(scorerNames.map(scorer)),
        ]
    }

    var scorerNames: [String] { [form.scorer] + cell.judges.map(InspectSampleForm.judgeName) }

    private func scorer(_ name: String) -> JSONValue {
        [
            "name": .string(name), "options": [:],
            "metrics": [["name": "inspect_ai/mean", "options": [:]], ["name": "inspect_ai/stderr", "options": [:]]],
        ]
    }

    private func generateConfig() -> [String: JSONValue] {
        let settings = cell.configuration
        var members: [String: JSONValue] = [
            "max_tokens": .integer(Int64(cell.suite.maxTokens ?? settings.maxTokens))
        ]
        members["temperature"] = settings.sampling.temperature.map(JSONValue.number)
        members["top_p"] = settings.sampling.topP.map(JSONValue.number)
        members["top_k"] = settings.sampling.topK.map { .integer(Int64($0)) }
        members["seed"] = settings.sampling.seed.map(JSONValue.integer)
        if !settings.sampling.stop.isEmpty {
            members["stop_seqs"] = .array(settings.sampling.stop.map(JSONValue.string))
        }
        members["system_message"] = settings.systemPrompt.map(JSONValue.string)
        if let effort = settings.reasoning?.effort, Self.efforts.contains(effort) {
            members["reasoning_effort"] = .string(effort)
        }
        members["reasoning_tokens"] = settings.reasoning?.budgetTokens.map { .integer(Int64($0)) }
        return members
    }

    private func roles() -> [String: JSONValue] {
        var roles: [String: JSONValue] = [:]
        func add(_ role: String, _ name: ConfigurationName) {
            guard let configuration = cell.definition.configuration(name),
                let model = cell.definition.model(configuration.model)
            else { return }
            roles[role] = ["model": .string(InspectSampleForm.name(of: model)), "config": [:], "args": [:]]
        }
        for (index, judge) in cell.judges.enumerated() { add(index == 0 ? "grader" : "grader_\(index + 1)", judge) }
        if let user = cell.suite.solver.user { add("user", user.configuration) }
        return roles
    }

    // MARK: - What came out

    private func results(_ scores: [(name: String, scores: InspectScores)]) -> JSONValue {
        [
            "total_samples": .integer(Int64(cell.planned)),
            "completed_samples": .integer(Int64(observations - failed)),
            "scores": .array(
                scores.map { name, scores in
                    let reduced = scores.reduced(by: reducer)
                    let scored = reduced.count { !$0.value.isNaN }
                    func metric(_ name: String) -> JSONValue {
                        let value = scores.metric(name, over: reduced) ?? .nan
                        return ["name": .string(name), "value": .number(value), "params": [:]]
                    }
                    return [
                        "name": .string(name), "scorer": .string(name), "reducer": .string(reducer.inspectName),
                        "scored_samples": .integer(Int64(scored)),
                        "unscored_samples": .integer(Int64(reduced.count - scored)), "params": [:],
                        "metrics": ["mean": metric("mean"), "stderr": metric("stderr")],
                    ]
                }
            ),
        ]
    }
}
