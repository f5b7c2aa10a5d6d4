// Tools as both wire formats know them: described by JSON Schema, called by the model, answered in a message of the role
// `tool`. What went wrong with a call is told apart: it is the scaffold's, the model's or the tool's doing.

/// A tool that a model may call.
public struct Tool: Hashable, Sendable, Codable {
    /// Letters, digits, `_` and `-`, at most 64: what both wire formats take.
    public var name: String
    public var description: String
    /// A JSON Schema of type `object`.
    public var parameters: JSONValue

    public init(name: String, description: String, parameters: JSONValue) {
        self.name = name
        self.description = description
        self.parameters = parameters
    }
}

/// A call of a tool, as a model asked for it.
public struct ToolCall: Hashable, Sendable, Codable {
    /// The provider's id, or one that the scaffold gave it where the format has none.
    public var id: String
    public var name: String
    /// The arguments; nil where the text was no JSON object.
    public var arguments: JSONValue?
    /// The arguments as text, where they could not be read.
    public var argumentsText: String?

    public init(id: String, name: String, arguments: JSONValue?, argumentsText: String? = nil) {
        self.id = id
        self.name = name
        self.arguments = arguments
        self.argumentsText = argumentsText
    }
}

/// Which call a message of the role `tool` answers, and how it went.
public struct ToolAnswer: Hashable, Sendable, Codable {
    public enum Status: String, CaseIterable, Hashable, Sendable, Codable {
        case done
        /// The tool ran and says that it could not do it.
        case toolError = "tool_error"
        /// There is no tool of that name.
        case unknownTool = "unknown_tool"
        /// The arguments are no JSON object, or not what the tool's schema asks for.
        case invalidArguments = "invalid_arguments"
        /// In text mode: what looks like a call could not be read as one.
        case unreadable
    }

    public var callID: String
    public var name: String
    public var status: Status

    private enum CodingKeys: String, CodingKey {
        case name, status
        case callID = "callId"
    }

    public init(callID: String, name: String, status: Status) {
        self.callID = callID
        self.name = name
        self.status = status
    }
}

extension ToolCall {
    /// The call as people read it: its name and arguments, or the text that could not be read.
    public var summary: String { "\(name) \(arguments?.canonical ?? argumentsText ?? "")" }
}

extension Message {
    /// Who speaks, as people read it; of a tool's answer also which tool, and how it went.
    public var speaker: String {
        guard let toolAnswer else { return role.rawValue }
        return "\(role.rawValue), answer of \(toolAnswer.name): \(toolAnswer.status.rawValue)"
    }
}
