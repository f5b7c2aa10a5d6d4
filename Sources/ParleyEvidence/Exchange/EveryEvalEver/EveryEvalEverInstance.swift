// One observation as an instance of Every Eval Ever 0.3.0. Its details, metadata and arguments of tools are strings.

import ParleyModel

/// Writes the instances of a group.
struct EveryEvalEverInstance {
    let group: EveryEvalEverGroup

    init(_ group: EveryEvalEverGroup) { self.group = group }

    /// Names one result of the aggregate.
    func resultID(_ cell: ExchangeCell) -> String { "\(group.evaluationID)#\(cell.suite.name)" }

    /// The row of an observation; nil for a score makes one that is no instance of the format.
    func row(_ record: ExchangeRecord, of cell: ExchangeCell, score: Score?) -> JSONValue {
        let messages = record.transcript?.messages ?? []
        let answers = messages.filter { $0.role == .assistant }
        let calls = messages.reduce(0) { $0 + $1.toolCalls.count }
        let type =
            calls > 0 || messages.contains { $0.role == .tool } ? "agentic" : answers.count > 1 ? "multi_turn" : nil
        var row: [String: JSONValue] = [
            "schema_version": .string(EveryEvalEverWriter.version), "evaluation_id": .string(group.evaluationID),
            "model_id": .string(group.modelID), "evaluation_name": .string(cell.suite.name.text),
            "evaluation_result_id": .string(resultID(cell)), "sample_id": .string(record.sample.id),
            "sample_hash": .string(record.sample.contentHash.hex),
            "interaction_type": .string(type ?? "single_turn"), "input": input(record),
            "answer_attribution": .array(attribution(record, cell, isSingle: type == nil)),
            "evaluation": evaluation(score, turns: max(1, answers.count), calls: calls),
            "token_usage": [
                "input_tokens": .integer(record.usage.input), "output_tokens": .integer(record.usage.output),
                "total_tokens": .integer(record.usage.total),
                "input_tokens_cache_read": .integer(record.usage.cacheRead),
                "input_tokens_cache_write": .integer(record.usage.cacheWrite),
                "reasoning_tokens": .integer(record.usage.reasoning),
            ],
            "performance": ["latency_ms": .number(Double(record.latencyMicros) / 1000)],
            "metadata": .object(metadata(record, cell)),
        ]
        if type == nil {
            var output: [String: JSONValue] = ["raw": [.string(record.transcript?.answer ?? "")]]
            let reasoning = answers.compactMap(\.reasoning)
            if !reasoning.isEmpty { output["reasoning_trace"] = .array(reasoning.map(JSONValue.string)) }
            row["output"] = .object(output)
        } else {
            row["messages"] = .array(messages.enumerated().map(Self.message))
        }
        if record.kind != .scored { row["error"] = .string(record.failure ?? record.kind.name) }
        return .object(row)
    }

    private func input(_ record: ExchangeRecord) -> JSONValue {
        let sample = record.sample
        var input: [String: JSONValue] = [
            "raw": .string(Self.text(of: sample.input)), "reference": .array(sample.target.map(JSONValue.string)),
        ]
        if !sample.choices.isEmpty { input["choices"] = .array(sample.choices.map(JSONValue.string)) }
        let asked = (record.transcript?.messages ?? []).prefix { $0.role != .assistant }
        if !asked.isEmpty { input["formatted"] = .string(Self.text(of: Array(asked))) }
        return .object(input)
    }

    private func evaluation(_ score: Score?, turns: Int, calls: Int) -> JSONValue {
        [
            "score": score.map { .number($0.value) } ?? .null, "is_correct": .bool(score.map { $0 >= .one } ?? false),
            "num_turns": .integer(Int64(turns)), "tool_calls_count": .integer(Int64(calls)),
        ]
    }

    private func attribution(_ record: ExchangeRecord, _ cell: ExchangeCell, isSingle: Bool) -> [JSONValue] {
        guard let transcript = record.transcript else { return [] }
        let last = transcript.messages.lastIndex { $0.role == .assistant } ?? 0
        return [
            [
                "turn_idx": .integer(isSingle ? 0 : Int64(last)),
                "source": isSingle ? "output.raw" : "messages[turn_idx].content",
                "extracted_value": .string(transcript.answer),
                "extraction_method": .string(cell.suite.scorer.kind.rawValue), "is_terminal": true,
            ]
        ]
    }

    private func metadata(_ record: ExchangeRecord, _ cell: ExchangeCell) -> [String: JSONValue] {
        var members = record.sample.metadata.mapValues { JSONValue.string($0.string ?? $0.canonical) }
        members["parley.kind"] = .string(record.kind.name)
        members["parley.epoch"] = .string(String(record.epoch))
        members["parley.job"] = .string(record.job.description)
        members["parley.cost"] = .string(JSONValue.number(record.totalCost.value).canonical)
        if let model = record.modelReturned { members["parley.model_returned"] = .string(model) }
        for (judge, grade) in record.grades(by: cell.judges) {
            members["parley.judge.\(judge)"] = .string(grade.score?.description ?? grade.kind.name)
        }
        return members
    }

    private static func text(of messages: [Message]) -> String {
        if messages.count == 1, messages[0].role == .user { return messages[0].content }
        return messages.map { "\($0.role.rawValue): \($0.content)" }.joined(separator: "\n\n")
    }

    private static func message(_ turn: Int, _ message: Message) -> JSONValue {
        var members: [String: JSONValue] = [
            "turn_idx": .integer(Int64(turn)), "role": .string(message.role.rawValue),
            "content": .string(message.content),
        ]
        members["reasoning_trace"] = message.reasoning.map(JSONValue.string)
        if !message.toolCalls.isEmpty {
            members["tool_calls"] = .array(
                message.toolCalls.map { call in
                    let arguments = call.arguments?.object ?? call.argumentsText.map { ["text": .string($0)] } ?? [:]
                    return [
                        "id": .string(call.id), "name": .string(call.name),
                        "arguments": .object(arguments.mapValues { .string($0.string ?? $0.canonical) }),
                    ]
                }
            )
        }
        if let answer = message.toolAnswer { members["tool_call_id"] = [.string(answer.callID)] }
        return .object(members)
    }
}
