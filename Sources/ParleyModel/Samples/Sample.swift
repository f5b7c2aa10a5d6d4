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

    public init(_ role: Role, _ content: String, reasoning: String? = nil) {
        self.role = role
        self.content = content
        self.reasoning = reasoning
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

    /// The hash of everything but the id: two samples of the same content are the same sample.
    public var contentHash: ContentHash {
        guard case .object(var members) = json else { preconditionFailure("a sample's JSON form is an object") }
        members["id"] = nil
        return ContentHash(of: .object(members))
    }
}

extension Message {
    /// The JSON form.
    var json: JSONValue {
        var members: [String: JSONValue] = ["role": .string(role.rawValue), "content": .string(content)]
        if let reasoning { members["reasoning"] = .string(reasoning) }
        return .object(members)
    }
}
