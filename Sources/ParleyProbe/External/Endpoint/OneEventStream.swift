// A whole answer as a stream, for clients that ask for one: everything in one delta. The call itself is never streamed,
// since its usage and its end must be known before the program sees a word of it.

import ParleyModel

/// Writes server-sent events.
enum OneEventStream {
    static func text(of body: JSONValue, _ format: ProviderKind) -> String {
        switch format {
        case .openai: openAI(body)
        case .anthropic: anthropic(body)
        }
    }

    private static func openAI(_ body: JSONValue) -> String {
        var chunk = body.object ?? [:]
        chunk["object"] = "chat.completion.chunk"
        chunk["choices"] = .array(
            (body["choices"]?.array ?? []).map { choice in
                var members = choice.object ?? [:]
                var delta = members.removeValue(forKey: "message")?.object ?? [:]
                if let calls = delta["tool_calls"]?.array {
                    delta["tool_calls"] = .array(
                        calls.enumerated().map { index, call in
                            .object((call.object ?? [:]).merging(["index": .integer(Int64(index))]) { $1 })
                        }
                    )
                }
                members["delta"] = .object(delta)
                return .object(members)
            }
        )
        return "data: \(JSONValue.object(chunk).canonical)\n\ndata: [DONE]\n\n"
    }

    private static func anthropic(_ body: JSONValue) -> String {
        var start = body.object ?? [:]
        start["content"] = []
        start["stop_reason"] = .null
        var events: [JSONValue] = [["type": "message_start", "message": .object(start)]]
        for (number, block) in (body["content"]?.array ?? []).enumerated() {
            let index = JSONValue.integer(Int64(number))
            var opening = block.object ?? [:]
            var deltas: [JSONValue] = []
            switch block["type"]?.string {
            case "text":
                opening["text"] = ""
                deltas = [["type": "text_delta", "text": block["text"] ?? ""]]
            case "tool_use":
                opening["input"] = [:]
                deltas = [
                    ["type": "input_json_delta", "partial_json": .string((block["input"] ?? [:]).canonical)]
                ]
            case "thinking":
                opening["thinking"] = ""
                opening["signature"] = ""
                deltas = [
                    ["type": "thinking_delta", "thinking": block["thinking"] ?? ""],
                    ["type": "signature_delta", "signature": block["signature"] ?? ""],
                ]
            default: break
            }
            events.append(["type": "content_block_start", "index": index, "content_block": .object(opening)])
            events += deltas.map { ["type": "content_block_delta", "index": index, "delta": $0] }
            events.append(["type": "content_block_stop", "index": index])
        }
        events.append([
            "type": "message_delta",
            "delta": ["stop_reason": body["stop_reason"] ?? .null, "stop_sequence": body["stop_sequence"] ?? .null],
            "usage": body["usage"] ?? [:],
        ])
        events.append(["type": "message_stop"])
        return events.map { "event: \($0["type"]?.string ?? "")\ndata: \($0.canonical)\n\n" }.joined()
    }
}
