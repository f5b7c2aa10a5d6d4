// The events of a sample, which Inspect's viewer shows first: the conversation as `model` events, one a reply, then what
// Inspect has no field for as `info` events of ours. Only the latter are read again; messages hold the conversation.

import ParleyModel

/// Writes the events of one observation.
struct InspectEvents {
    private let record: ExchangeRecord
    private let cell: ExchangeCell
    private let model: String

    init(_ record: ExchangeRecord, of cell: ExchangeCell, model: String) {
        (self.record, self.cell, self.model) = (record, cell, model)
    }

    /// All events.
    /// - Parameters:
    ///   - messages: the conversation in Inspect's form
    ///   - exchanges: the requests and responses in ours
    func all(messages: [JSONValue], exchanges: [JSONValue]) -> [JSONValue] {
        let id = InspectSampleForm.id(record.sample.id) == record.sample.id ? nil : record.sample.id
        let facts = InspectFacts.json(record, id: id, judges: cell.judges)
        return replies(messages) + exchanges.map { info(InspectFacts.exchangeSource, at: start(of: $0), $0) }
            + [info(InspectFacts.source, at: record.completedAtMicros, facts)]
    }

    private func start(of exchange: JSONValue) -> Int64 {
        exchange["started_at_micros"]?.integer ?? record.completedAtMicros
    }

    private func event(_ name: String, at micros: Int64, _ members: [String: JSONValue]) -> JSONValue {
        let common: [String: JSONValue] = [
            "event": .string(name), "timestamp": .string(Timestamp.text(micros: micros)), "working_start": 0,
        ]
        return .object(common.merging(members) { $1 })
    }

    private func info(_ source: String, at micros: Int64, _ data: JSONValue) -> JSONValue {
        event("info", at: micros, ["source": .string(source), "data": data])
    }

    /// Each reply with what came since the one before it. What came before that stands in the events above: a
    /// conversation of many turns would be written as often as it has turns.
    private func replies(_ messages: [JSONValue]) -> [JSONValue] {
        let start = record.startedAtMicros ?? record.completedAtMicros
        // Replies that the sample or its examples hold are the model's input.
        let given = record.sample.input.count { $0.role == .assistant } + cell.suite.solver.fewShot.count
        let replies = messages.indices.filter { messages[$0]["role"] == "assistant" }.dropFirst(given)
        var first = messages.startIndex
        return replies.map { place in
            let reply = messages[place]
            defer { first = place }
            let callsTools = reply["tool_calls"]?.array?.isEmpty == false
            let output: JSONValue = [
                "model": .string(record.modelReturned ?? model),
                "choices": [["message": reply, "stop_reason": callsTools ? "tool_calls" : "stop"]],
            ]
            let members: [String: JSONValue] = [
                "model": .string(model), "input": .array(Array(messages[first..<place])), "tools": [],
                "tool_choice": "auto", "config": [:], "output": output,
            ]
            return event("model", at: start, members)
        }
    }
}
