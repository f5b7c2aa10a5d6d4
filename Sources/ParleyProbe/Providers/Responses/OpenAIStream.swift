// A stream of chat completion chunks, put together into the message that the same server would have sent whole, so
// that one reader serves both.

import ParleyModel

/// Collects the chunks of one chat completion.
struct OpenAIStream {
    private var texts: [String: String] = [:]
    private var details: [JSONValue] = []
    private var calls: [Int64: StreamedCall] = [:]
    private var finishReason: JSONValue = .null
    private var filterResults: [JSONValue] = []
    private var members: [String: JSONValue] = [:]
    private var isDone = false

    /// The whole completion. The stream is whole once it said `[DONE]` or gave a finish reason.
    static func assemble(_ events: [ServerEvent]) throws(StreamTrouble) -> JSONValue {
        var stream = OpenAIStream()
        for (index, event) in events.enumerated() where !stream.isDone {
            if event.data == "[DONE]" {
                stream.isDone = true
            } else if let chunk = event.json {
                try stream.add(chunk, name: event.name)
            } else if index == events.count - 1 {
                break
            } else {
                throw .malformed("an event is not JSON")
            }
        }
        guard stream.isDone || !stream.finishReason.isNull else { throw .cutOff }
        return stream.completion
    }

    private mutating func add(_ chunk: JSONValue, name: String) throws(StreamTrouble) {
        if ErrorReport.isError(chunk) || name == "error" { throw .error(chunk) }
        for key in ["id", "model", "usage", "system_fingerprint", "service_tier"] {
            if let value = chunk[key], !value.isNull { members[key] = value }
        }
        guard let choice = chunk["choices"]?[0] else { return }
        if let error = choice["error"], !error.isNull { throw .error(["error": error]) }
        if let reason = choice["finish_reason"], !reason.isNull { finishReason = reason }
        if let results = choice["content_filter_results"], !results.isNull { filterResults.append(results) }
        for key in ["content", "refusal", "reasoning_content", "reasoning"] {
            if let piece = choice["delta"]?[key]?.string { texts[key, default: ""] += piece }
        }
        for piece in choice["delta"]?["tool_calls"]?.array ?? [] {
            // Servers that leave the index out send each call whole.
            calls[piece["index"]?.integer ?? Int64(calls.count), default: StreamedCall()].add(piece)
        }
        details += choice["delta"]?["reasoning_details"]?.array ?? []
    }

    private var completion: JSONValue {
        var message = texts.mapValues(JSONValue.string)
        if !calls.isEmpty {
            message["tool_calls"] = .array(calls.sorted { $0.key < $1.key }.map(\.value.json))
        }
        if !details.isEmpty { message["reasoning_details"] = .array(details) }
        var choice: [String: JSONValue] = ["finish_reason": finishReason, "message": .object(message)]
        if !filterResults.isEmpty { choice["content_filter_results"] = .array(filterResults) }
        return .object(members.merging(["choices": .array([.object(choice)])]) { _, new in new })
    }
}

/// A tool call that arrives in pieces: id and name once, the arguments' text bit by bit.
private struct StreamedCall {
    private var id = ""
    private var name = ""
    private var arguments = ""

    mutating func add(_ piece: JSONValue) {
        if let id = piece["id"]?.string, !id.isEmpty { self.id = id }
        // A server that sends the name with each piece sends it whole.
        if let name = piece["function"]?["name"]?.string, !name.isEmpty { self.name = name }
        switch piece["function"]?["arguments"] {
        case .string(let text)?: arguments += text
        case .object(let members)?: arguments = JSONValue.object(members).canonical
        default: break
        }
    }

    var json: JSONValue {
        let function: JSONValue = ["name": .string(name), "arguments": .string(arguments)]
        return ["id": .string(id), "type": "function", "function": function]
    }
}
