// One item of a dataset, in the vocabulary of the field (Inspect's Sample). A sample is addressed by the hash of its
// content; its id is only a label.

/// The role of a message.
public enum Role: String, Hashable, Sendable, Codable { case system, user, assistant, tool }

/// One message of a conversation.
public struct Message: Hashable, Sendable, Codable {
    public var role: Role
    /// The text that the other side sees.
    public var content: String
    /// Reasoning, kept apart from the text.
    public var reasoning: String?
    /// What an assistant's message calls, in order; parallel calls stand in one message.
    public var toolCalls: [ToolCall]
    /// What a tool's message answers; nil in all others.
    public var toolAnswer: ToolAnswer?
    /// The provider's own content blocks of an assistant's message, thinking with its signatures among them, to be sent
    /// back unchanged to the same provider; nil where the text says all.
    public var blocks: JSONValue?

    public init(
        _ role: Role,
        _ content: String,
        reasoning: String? = nil,
        toolCalls: [ToolCall] = [],
        toolAnswer: ToolAnswer? = nil,
        blocks: JSONValue? = nil
    ) {
        self.role = role
        self.content = content
        self.reasoning = reasoning
        self.toolCalls = toolCalls
        self.toolAnswer = toolAnswer
        self.blocks = blocks
    }
}

// Members that say nothing are left out, as in the JSON form.
extension Message {
    private enum CodingKeys: String, CodingKey { case role, content, reasoning, toolCalls, toolAnswer, blocks }

    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try members.decode(Role.self, forKey: .role),
            try members.decode(String.self, forKey: .content),
            reasoning: try members.decodeIfPresent(String.self, forKey: .reasoning),
            toolCalls: try members.decodeIfPresent([ToolCall].self, forKey: .toolCalls) ?? [],
            toolAnswer: try members.decodeIfPresent(ToolAnswer.self, forKey: .toolAnswer),
            blocks: try members.decodeIfPresent(JSONValue.self, forKey: .blocks)
        )
    }

    public func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(role, forKey: .role)
        try members.encode(content, forKey: .content)
        try members.encodeIfPresent(reasoning, forKey: .reasoning)
        if !toolCalls.isEmpty { try members.encode(toolCalls, forKey: .toolCalls) }
        try members.encodeIfPresent(toolAnswer, forKey: .toolAnswer)
        try members.encodeIfPresent(blocks, forKey: .blocks)
    }
}

/// One item of a dataset.
public struct Sample: Hashable, Sendable, Codable {
    /// A label, unique within its dataset.
    public var id: String
    /// The conversation to put to the model; a plain text input is one user message.
    public var input: [Message]
    /// The choices of a multiple-choice item, in order; empty otherwise.
    public var choices: [String]
    /// Accepted answers; for choices the letters `A`, `B`, …
    public var target: [String]
    /// Anything else that the dataset says of the item.
    public var metadata: [String: JSONValue]

    public init(
        id: String,
        input: [Message],
        choices: [String] = [],
        target: [String] = [],
        metadata: [String: JSONValue] = [:]
    ) {
        self.id = id
        self.input = input
        self.choices = choices
        self.target = target
        self.metadata = metadata
    }

    /// The JSON form that is hashed, stored and sealed.
    public var json: JSONValue {
        .object([
            "id": .string(id), "input": .array(input.map(\.json)), "choices": .array(choices.map(JSONValue.string)),
            "target": .array(target.map(JSONValue.string)), "metadata": .object(metadata),
        ])
    }

    /// Reads ``json`` back; throws where a member is missing or of another form. One is read for every call.
    public init(json: JSONValue) throws(ParleyFailure) {
        guard let id = json["id"]?.string, let input = json["input"]?.array?.allMapped(Message.init(json:)),
            let choices = json["choices"]?.array?.allMapped(\.string),
            let target = json["target"]?.array?.allMapped(\.string), let metadata = json["metadata"]?.object
        else { throw ParleyFailure(.failure, "this is no sample") }
        self.init(id: id, input: input, choices: choices, target: target, metadata: metadata)
    }

    /// The hash of everything but the id: two samples of the same content are the same sample.
    public var contentHash: ContentHash {
        guard case .object(var members) = json else { preconditionFailure("a sample's JSON form is an object") }
        members["id"] = nil
        return ContentHash(of: .object(members))
    }
}

extension Message {
    /// Reads ``json`` back; nil where a member is missing or of another form.
    public init?(json: JSONValue) {
        guard let role = json["role"]?.string.flatMap(Role.init(rawValue:)), let content = json["content"]?.string
        else {
            return nil
        }
        self.init(role, content, reasoning: json["reasoning"]?.string, blocks: json["blocks"])
        for call in json["tool_calls"]?.array ?? [] {
            guard let id = call["id"]?.string, let name = call["name"]?.string else { return nil }
            let text = call["arguments_text"]?.string
            toolCalls.append(ToolCall(id: id, name: name, arguments: call["arguments"], argumentsText: text))
        }
        if let answer = json["tool_answer"] {
            guard let callID = answer["call_id"]?.string, let name = answer["name"]?.string,
                let status = answer["status"]?.string.flatMap(ToolAnswer.Status.init(rawValue:))
            else {
                return nil
            }
            toolAnswer = ToolAnswer(callID: callID, name: name, status: status)
        }
    }

    /// The JSON form.
    public var json: JSONValue {
        var members: [String: JSONValue] = ["role": .string(role.rawValue), "content": .string(content)]
        if let reasoning { members["reasoning"] = .string(reasoning) }
        if let blocks { members["blocks"] = blocks }
        if !toolCalls.isEmpty { members["tool_calls"] = .array(toolCalls.map(\.json)) }
        if let toolAnswer {
            members["tool_answer"] = [
                "call_id": .string(toolAnswer.callID), "name": .string(toolAnswer.name),
                "status": .string(toolAnswer.status.rawValue),
            ]
        }
        return .object(members)
    }
}

extension ToolCall {
    fileprivate var json: JSONValue {
        var members: [String: JSONValue] = ["id": .string(id), "name": .string(name)]
        members["arguments"] = arguments
        members["arguments_text"] = argumentsText.map(JSONValue.string)
        return .object(members)
    }
}

extension Array {
    /// What the transform makes of every element, or nil where it makes nothing of one.
    fileprivate func allMapped<Value>(_ transform: (Element) -> Value?) -> [Value]? {
        let values = compactMap(transform)
        return values.count == count ? values : nil
    }
}
