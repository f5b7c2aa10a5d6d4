// Messages in Inspect's form and back. Where the form cannot hold a message as it is, the message stands whole in its
// metadata, and is read from there: so a message that was written comes back equal.

import ParleyModel

enum InspectMessage {
    /// The member of a message's metadata under which our own form stands.
    private static let ownKey = "parley"
    private static let blocksKey = "parley_blocks"
    private static let statusKey = "parley_status"

    /// Messages in Inspect's form. `own` are the same in ours.
    static func json(_ messages: [Message], own: JSONValue?, model: String) -> JSONValue {
        .array(
            messages.enumerated().map { index, message in
                let plain = members(of: message, model: model)
                if read(.object(plain)) == message { return .object(plain) }
                var kept = plain
                kept["metadata"] = [ownKey: own?[index] ?? .null]
                return .object(kept)
            }
        )
    }

    private static func members(of message: Message, model: String) -> [String: JSONValue] {
        var members: [String: JSONValue] = ["role": .string(message.role.rawValue)]
        var metadata: [String: JSONValue] = [:]
        if let reasoning = message.reasoning {
            members["content"] = [
                ["type": "reasoning", "reasoning": .string(reasoning)],
                ["type": "text", "text": .string(message.content)],
            ]
        } else {
            members["content"] = .string(message.content)
        }
        if message.role == .assistant {
            members["source"] = "generate"
            members["model"] = .string(model)
            if !message.toolCalls.isEmpty { members["tool_calls"] = .array(message.toolCalls.map(json)) }
        }
        if let answer = message.toolAnswer {
            members["tool_call_id"] = .string(answer.callID)
            members["function"] = .string(answer.name)
            if answer.status != .done {
                let type: JSONValue = answer.status == .toolError ? "unknown" : "parsing"
                members["error"] = ["type": type, "message": .string(message.content)]
                metadata[statusKey] = .string(answer.status.rawValue)
            }
        }
        if let blocks = message.blocks { metadata[blocksKey] = blocks }
        if !metadata.isEmpty { members["metadata"] = .object(metadata) }
        return members
    }

    private static func json(_ call: ToolCall) -> JSONValue {
        var members: [String: JSONValue] = [
            "id": .string(call.id), "function": .string(call.name), "type": "function",
            "arguments": call.arguments?.object.map(JSONValue.object) ?? [:],
        ]
        if call.arguments == nil { members["parse_error"] = .string(call.argumentsText ?? "") }
        return .object(members)
    }

    // MARK: - Reading

    /// A message of a log; nil where it has no role that we know.
    static func read(_ json: JSONValue) -> Message? {
        if let own = json["metadata"]?[ownKey], let message = ownForm(own) { return message }
        guard let role = json["role"]?.string.flatMap(Role.init(rawValue:)) else { return nil }
        let content = InspectContent(json["content"] ?? "")
        var message = Message(role, content.text, reasoning: content.reasoning)
        message.blocks = json["metadata"]?[blocksKey] ?? (content.hasMore ? json["content"] : nil)
        message.toolCalls = (json["tool_calls"]?.array ?? []).map(toolCall)
        if role == .tool, let id = json["tool_call_id"]?.string {
            let status = json["metadata"]?[statusKey]?.string.flatMap(ToolAnswer.Status.init(rawValue:))
            let failed: ToolAnswer.Status = json["error"]?["type"]?.string == "parsing" ? .invalidArguments : .toolError
            let hasFailed = json["error"].map { !$0.isNull } ?? false
            message.toolAnswer = ToolAnswer(
                callID: id,
                name: json["function"]?.string ?? "",
                status: status ?? (hasFailed ? failed : .done)
            )
        }
        return message
    }

    /// Reads our own form, which only a sample's reader knows.
    private static func ownForm(_ json: JSONValue) -> Message? {
        let sample: JSONValue = ["id": "", "input": [json], "choices": [], "target": [], "metadata": [:]]
        return try? Sample(json: sample).input.first
    }

    private static func toolCall(_ json: JSONValue) -> ToolCall {
        let error = json["parse_error"]?.string
        return ToolCall(
            id: json["id"]?.string ?? "",
            name: json["function"]?.string ?? "",
            arguments: error == nil ? json["arguments"] : nil,
            argumentsText: error
        )
    }
}

/// The content of a message: text, or parts of several types.
private struct InspectContent {
    var text = ""
    var reasoning: String?
    /// Whether there are parts that are neither text nor reasoning.
    var hasMore = false

    init(_ json: JSONValue) {
        guard let parts = json.array else {
            text = json.string ?? ""
            return
        }
        var texts: [String] = []
        var thoughts: [String] = []
        for part in parts {
            switch part["type"]?.string {
            case "text": texts.append(part["text"]?.string ?? "")
            case "reasoning":
                let isRedacted = part["redacted"]?.bool ?? false
                thoughts.append((isRedacted ? part["summary"]?.string : part["reasoning"]?.string) ?? "")
            case let type:
                texts.append("(\(type ?? "unknown content"))")
                hasMore = true
            }
        }
        text = texts.joined(separator: "\n")
        if !thoughts.isEmpty { reasoning = thoughts.joined(separator: "\n") }
    }
}
