// Calls in the format that the model's provider does not speak. Text is carried over; tools, images and whatever else a
// body may hold are not, and a call with them is refused rather than changed.

import ParleyModel

/// Carries a call of plain text from one format to the other.
enum TextTranslation {
    /// Members that ask for more than text in, text out, or change where it ends; limits and sampling are the
    /// configuration's.
    private static let untranslatable = [
        "tools", "tool_choice", "functions", "function_call", "response_format", "thinking", "stop", "stop_sequences",
        "logprobs", "audio",
    ]

    /// The messages of a body.
    static func messages(of body: JSONValue, _ format: ProviderKind) throws(EndpointError) -> [Message] {
        for name in untranslatable {
            guard let value = body[name], ![.null, false, []].contains(value) else { continue }
            throw .invalid("'\(name)' cannot be carried over to this model's format; use its own (endpoint.format).")
        }
        guard let list = body["messages"]?.array else { throw .invalid("'messages' is missing.") }
        var messages: [Message] = []
        if format == .anthropic, let system = body["system"], !system.isNull {
            messages.append(Message(.system, try text(of: system)))
        }
        for item in list {
            let role = item["role"]?.string == "developer" ? "system" : item["role"]?.string ?? ""
            guard let role = Role(rawValue: role), role != .tool, item["tool_calls"] == nil else {
                throw .invalid("A message of the role '\(role.prefix(20))' cannot be carried over.")
            }
            messages.append(Message(role, try text(of: item["content"] ?? .null)))
        }
        return messages
    }

    private static func text(of content: JSONValue) throws(EndpointError) -> String {
        if let text = content.string { return text }
        var texts: [String] = []
        for part in content.array ?? [.null] {
            guard let text = part["text"]?.string, part["type"]?.string == "text" else {
                throw .invalid("Only text can be carried over to this model's format.")
            }
            texts.append(text)
        }
        return texts.joined(separator: "\n\n")
    }

    /// A reply as a response body of a format.
    static func body(of reply: GenerateReply, model: String, _ format: ProviderKind) -> JSONValue {
        let usage = reply.usage
        let input = usage.input + usage.cacheRead + usage.cacheWrite
        switch format {
        case .openai:
            return [
                "id": "chatcmpl-parley", "object": "chat.completion", "created": 0, "model": .string(model),
                "choices": [
                    [
                        "index": 0, "finish_reason": .string(finish(reply.stop)),
                        "message": ["role": "assistant", "content": .string(reply.text)],
                    ]
                ],
                "usage": [
                    "prompt_tokens": .integer(input), "completion_tokens": .integer(usage.output),
                    "total_tokens": .integer(input + usage.output),
                ],
            ]
        case .anthropic:
            return [
                "id": "msg_parley", "type": "message", "role": "assistant", "model": .string(model),
                "content": [["type": "text", "text": .string(reply.text)]],
                "stop_reason": .string(stopReason(reply.stop)), "stop_sequence": nil,
                "usage": ["input_tokens": .integer(input), "output_tokens": .integer(usage.output)],
            ]
        }
    }

    private static func finish(_ stop: StopReason) -> String {
        switch stop {
        case .stop: "stop"
        case .toolCalls: "tool_calls"
        case .maxTokens, .contextLength: "length"
        case .refusal, .contentFilter: "content_filter"
        }
    }

    private static func stopReason(_ stop: StopReason) -> String {
        switch stop {
        case .stop: "end_turn"
        case .toolCalls: "tool_use"
        case .maxTokens: "max_tokens"
        case .contextLength: "model_context_window_exceeded"
        case .refusal, .contentFilter: "refusal"
        }
    }
}
