// A stream of Anthropic message events, put together into the message that the API would have sent whole. An overload
// may arrive here as an `error` event after HTTP 200.

import ParleyModel

/// Collects the events of one message.
struct AnthropicStream {
    private var message: [String: JSONValue]?
    private var usage: [String: JSONValue] = [:]
    private var blocks: [Int64: [String: JSONValue]] = [:]
    private var pieces: [Int64: [String: String]] = [:]
    private var isStopped = false

    /// The members that a delta of each type adds to.
    private static let deltas = ["text_delta": "text", "thinking_delta": "thinking", "signature_delta": "signature"]
    /// The delta that brings a tool call's input, piece by piece, as the text of a JSON object.
    private static let inputDelta = "input_json_delta"

    /// The whole message. The stream is whole once it said `message_stop`.
    static func assemble(_ events: [ServerEvent]) throws(StreamTrouble) -> JSONValue {
        var stream = AnthropicStream()
        for (index, event) in events.enumerated() where !stream.isStopped {
            if let json = event.json {
                try stream.add(json, name: event.name)
            } else if index == events.count - 1 {
                break
            } else {
                throw .malformed("an event is not JSON")
            }
        }
        guard stream.isStopped else { throw .cutOff }
        guard let message = stream.message else { throw .malformed("no message_start") }
        return stream.completed(message)
    }

    private mutating func add(_ event: JSONValue, name: String) throws(StreamTrouble) {
        if ErrorReport.isError(event) || name == "error" { throw .error(event) }
        let index = event["index"]?.integer ?? 0
        switch event["type"]?.string ?? name {
        case "message_start":
            message = event["message"]?.object
            addUsage(message?["usage"])
        case "content_block_start":
            blocks[index] = event["content_block"]?.object ?? [:]
        case "content_block_delta":
            guard let delta = event["delta"] else { return }
            if delta["type"]?.string == Self.inputDelta {
                pieces[index, default: [:]][Self.inputDelta, default: ""] += delta["partial_json"]?.string ?? ""
            }
            guard let key = Self.deltas[delta["type"]?.string ?? ""] else { return }
            pieces[index, default: [:]][key, default: ""] += delta[key]?.string ?? ""
        case "message_delta":
            for (key, value) in event["delta"]?.object ?? [:] { message?[key] = value }
            addUsage(event["usage"])
        case "message_stop": isStopped = true
        default: return
        }
    }

    /// Later counts replace earlier ones: the stream's are cumulative.
    private mutating func addUsage(_ counts: JSONValue?) {
        for (key, value) in counts?.object ?? [:] where !value.isNull { usage[key] = value }
    }

    private func completed(_ message: [String: JSONValue]) -> JSONValue {
        var message = message
        message["content"] = .array(
            blocks.sorted { $0.key < $1.key }.map { index, block in
                var block = block
                for (key, piece) in pieces[index] ?? [:] {
                    if key == Self.inputDelta {
                        if !piece.isEmpty { block["input"] = (try? JSONValue(parsing: piece)) ?? .string(piece) }
                        continue
                    }
                    block[key] = .string((block[key]?.string ?? "") + piece)
                }
                return .object(block)
            }
        )
        if !usage.isEmpty { message["usage"] = .object(usage) }
        return .object(message)
    }
}
