// One observation in Inspect's EvalSample, and the summary of it. Closed vocabularies are kept to: a refusal is
// `content_filter` with its details, our own limit is `custom`, and what does not count is NaN, never 0.

import ParleyModel

/// Writes the observations of one cell.
struct InspectSampleForm {
    let cell: ExchangeCell
    /// As Inspect names models: `provider/id`.
    let model: String
    /// Longer texts are cut in summaries, as inspect_ai does.
    private static let summaryLimit = 5120
    private static let explanationLimit = 1024
    /// With the prefix and the epoch it must still be a member's name.
    private static let idLimit = 60_000

    init(_ cell: ExchangeCell) {
        self.cell = cell
        model = Self.name(of: cell.model)
    }

    static func name(of model: ModelDefinition) -> String { "\(model.provider.rawValue)/\(model.modelID)" }

    static func judgeName(_ judge: ConfigurationName) -> String { "judge:\(judge)" }

    var scorer: String { cell.suite.scorer.kind.rawValue }

    /// What the log calls a sample: its id, but for one that cannot be part of a member's name.
    static func id(_ id: String) -> String {
        id.utf8.count > idLimit || id.utf8.contains(0) ? "sha256-" + ContentHash(of: id.utf8).hex : id
    }

    static func member(id: String, epoch: Int) -> String { "samples/\(id)_epoch_\(epoch).json" }

    /// The value of a score; NaN where there is none.
    private static func value(_ score: Score?) -> JSONValue { .number(score?.value ?? .nan) }

    /// What both the sample and its summary hold.
    private func common(_ record: ExchangeRecord) -> [String: JSONValue] {
        let sample = record.sample
        var members: [String: JSONValue] = [
            "id": .string(Self.id(sample.id)), "epoch": .integer(Int64(record.epoch)),
            "target": sample.target.count == 1
                ? .string(sample.target[0]) : .array(sample.target.map(JSONValue.string)),
            "metadata": .object(sample.metadata), "model_usage": .object(modelUsage(record)),
            "completed_at": .string(Timestamp.text(micros: record.completedAtMicros)),
            "working_time": .number(Double(record.latencyMicros) / 1e6), "uuid": .string(uuid(record)),
        ]
        let plainText = sample.input.count == 1 && sample.input[0] == Message(.user, sample.input[0].content)
        members["input"] =
            plainText
            ? .string(sample.input[0].content)
            : InspectMessage.json(sample.input, own: sample.json["input"], model: model)
        if !sample.choices.isEmpty { members["choices"] = .array(sample.choices.map(JSONValue.string)) }
        if let started = record.startedAtMicros {
            members["started_at"] = .string(Timestamp.text(micros: started))
            members["total_time"] = .number(Double(max(0, record.completedAtMicros - started)) / 1e6)
        }
        let scores = scores(record)
        if !scores.isEmpty { members["scores"] = .object(scores) }
        return members
    }

    /// The sample as a member of the log holds it.
    func sample(_ record: ExchangeRecord) -> JSONValue {
        var members = common(record)
        let own = record.transcript?.json
        let messages = record.transcript?.messages ?? []
        let written = InspectMessage.json(messages, own: own?["messages"], model: model)
        members["messages"] = written
        members["output"] = output(record, messages: written)
        members["store"] = [:]
        members["attachments"] = [:]
        let events = InspectEvents(record, of: cell, model: model)
        members["events"] = .array(events.all(messages: written.array ?? [], exchanges: own?["exchanges"]?.array ?? []))
        switch record.kind {
        case .failed:
            members["error"] = [
                "message": .string(record.failure ?? "failed"), "traceback": "", "traceback_ansi": "",
            ]
        case .limited:
            members["limit"] = ["type": "custom", "limit": 0, "reason": "a limit of turns, time or cost of the round"]
        default: break
        }
        return .object(members)
    }

    /// The sample as the list of summaries holds it.
    func summary(_ record: ExchangeRecord) -> JSONValue {
        var members = common(record)
        members["input"] = members["input"].map(Self.cut)
        members["target"] = members["target"].map(Self.cut)
        members["choices"] = nil
        members["metadata"] = .object(
            record.sample.metadata.compactMapValues { value in
                let size = value.canonicalBytes.count
                if case .string(let text) = value, size > 1024 { return .string(String(text.prefix(1021)) + "...") }
                return size > 1024 ? nil : value
            }
        )
        members["scores"] = members["scores"]?.object.map { scores in
            .object(scores.mapValues(Self.cutScore))
        }
        members["completed"] = true
        members["message_count"] = .integer(Int64(record.transcript?.messages.count ?? 0))
        if record.kind == .failed { members["error"] = .string(record.failure ?? "failed") }
        if record.kind == .limited { members["limit"] = "custom" }
        if record.attempts > 1 { members["retries"] = .integer(Int64(record.attempts - 1)) }
        return .object(members)
    }

    func uuid(_ record: ExchangeRecord) -> String { cell.uuid("job", record.job.description) }

    private func scores(_ record: ExchangeRecord) -> [String: JSONValue] {
        guard record.kind != .failed else { return [:] }
        var metadata: [String: JSONValue] = ["kind": .string(record.kind.name)]
        if let score = record.score { metadata["raw_score"] = .number(score.value) }
        var members: [String: JSONValue] = [
            "value": Self.value(record.counted(in: cell.suite)), "metadata": .object(metadata),
        ]
        members["answer"] = (record.transcript?.answer).map(JSONValue.string)
        members["explanation"] = (record.transcript?.explanation).map(JSONValue.string)
        var scores = [scorer: JSONValue.object(members)]
        for (judge, grade) in record.grades(by: cell.judges) {
            var members: [String: JSONValue] = ["value": Self.value(grade.score)]
            members["explanation"] = (grade.transcript?.answer).map(JSONValue.string)
            scores[Self.judgeName(judge)] = .object(members)
        }
        return scores
    }

    private func output(_ record: ExchangeRecord, messages: JSONValue) -> JSONValue {
        var members: [String: JSONValue] = [
            "model": .string(record.modelReturned ?? model), "usage": usage(record.usage, record.cost),
            "time": .number(Double(record.latencyMicros) / 1e6),
        ]
        if record.kind == .failed {
            members["error"] = .string(record.failure ?? "failed")
            members["choices"] = []
            return .object(members)
        }
        let last = messages.array?.last { $0["role"]?.string == "assistant" }
        let callsTools = !(last?["tool_calls"]?.array ?? []).isEmpty
        var choice: [String: JSONValue] = [
            "message": last
                ?? [
                    "role": "assistant", "content": .string(record.transcript?.answer ?? ""),
                    "model": .string(model), "source": "generate",
                ]
        ]
        switch record.kind {
        case .refused, .filtered:
            choice["stop_reason"] = "content_filter"
            let isRefusal = record.kind == .refused
            choice["stop_details"] = [
                "type": isRefusal ? "refusal" : "filter", "category": .null,
                "explanation": isRefusal ? "the model declined" : "the provider blocked the request or the answer",
                "categories": [],
            ]
        case .truncated: choice["stop_reason"] = "max_tokens"
        case .limited, .failed: choice["stop_reason"] = "unknown"
        case .scored, .answered, .unscorable: choice["stop_reason"] = callsTools ? "tool_calls" : "stop"
        }
        members["choices"] = [.object(choice)]
        return .object(members)
    }

    // MARK: - Usage

    private func modelUsage(_ record: ExchangeRecord) -> [String: JSONValue] {
        var byModel: [String: (Usage, Money)] = [model: (record.usage, record.cost)]
        for (name, grade) in record.grades(by: cell.judges) {
            guard let judge = cell.definition.configuration(name),
                let definition = cell.definition.model(judge.model)
            else { continue }
            let sum = byModel[Self.name(of: definition), default: (Usage(), .zero)]
            byModel[Self.name(of: definition)] = (sum.0 + grade.usage, sum.1 + grade.cost)
        }
        return byModel.mapValues { usage($0.0, $0.1) }
    }

    /// Inspect's costs are dollars: those in other currencies stand in our facts only.
    func usage(_ usage: Usage, _ cost: Money) -> JSONValue {
        var members: [String: JSONValue] = [
            "input_tokens": .integer(usage.input), "output_tokens": .integer(usage.output),
            "total_tokens": .integer(usage.total), "input_tokens_cache_read": .integer(usage.cacheRead),
            "input_tokens_cache_write": .integer(usage.cacheWrite), "reasoning_tokens": .integer(usage.reasoning),
        ]
        if cell.definition.currency == "USD" { members["total_cost"] = .number(cost.value) }
        return .object(members)
    }

    // MARK: - Cutting

    private static func cut(_ text: String) -> String {
        text.utf8.count > summaryLimit && text.unicodeScalars.count > summaryLimit
            ? String(String.UnicodeScalarView(text.unicodeScalars.prefix(summaryLimit))) + "...\n(content truncated)"
            : text
    }

    private static func cut(_ json: JSONValue) -> JSONValue {
        switch json {
        case .string(let text): return .string(cut(text))
        case .array(let elements): return .array(elements.map(cut))
        case .object(var members):
            for key in ["content", "text"] { members[key] = members[key].map(cut) }
            return .object(members)
        default: return json
        }
    }

    private static func cutScore(_ score: JSONValue) -> JSONValue {
        guard var members = score.object, let text = members["explanation"]?.string,
            text.unicodeScalars.count > explanationLimit
        else { return score }
        members["explanation"] = .string(
            String(String.UnicodeScalarView(text.unicodeScalars.prefix(explanationLimit - 3))) + "..."
        )
        return .object(members)
    }
}
