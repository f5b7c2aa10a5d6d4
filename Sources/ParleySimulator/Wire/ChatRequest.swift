// A model call as both wire formats say it, with the parts that the simulator acts upon; and what it objects to, in
// the words of each provider.

import ParleyModel

/// A model call.
struct ChatRequest: Hashable, Sendable {
    struct Turn: Hashable, Sendable {
        var role: String
        var text: String
        /// The ids of the tool calls that it makes, and of those that it answers.
        var calls: [String] = []
        var answers: [String] = []
    }

    var format: ProviderKind
    var model: String
    /// The whole conversation; Anthropic's `system` is its first turn.
    var turns: [Turn]
    var maxTokens: Int?
    var seed: Int64?
    /// The tools that are offered, in members of the format or in the words of text mode; nil where none are.
    var tools: [Tool]?
    var toolMode = ToolMode.native
    var isStreamed = false
    /// Whether a stream ends with usage (OpenAI); Anthropic's always does.
    var wantsUsage = false

    /// Four bytes a token, at least one.
    var promptTokens: Int { max(1, turns.reduce(0) { $0 + $1.text.utf8.count } / 4) }
}

/// A request that the provider turns away, and how.
struct WireProblem: Error, Hashable, Sendable {
    var status: Int
    /// Anthropic's error type.
    var type = "invalid_request_error"
    var message: String
    /// OpenAI's error code and parameter.
    var code: String?
    var parameter: String?
}

extension ChatRequest {
    init(_ format: ProviderKind, parsing bytes: [UInt8]) throws(WireProblem) {
        let body: JSONValue
        do {
            body = try JSONValue(parsing: bytes)
        } catch {
            throw WireProblem(status: 400, message: "The request body is not valid JSON: \(error)")
        }
        guard case .object(let members) = body else {
            throw WireProblem(status: 400, message: "The request body is not a JSON object.")
        }
        guard let model = members["model"]?.string, !model.isEmpty else {
            throw Self.missing("model", format)
        }
        guard let messages = members["messages"]?.array, !messages.isEmpty else {
            throw Self.missing("messages", format)
        }
        self.format = format
        self.model = model
        turns = []
        turns.reserveCapacity(messages.count + 1)
        if format == .anthropic, let system = members["system"] {
            turns.append(Turn(role: "system", text: try Self.text(of: system, "system")))
        }
        for message in messages { turns.append(try Self.turn(message, format)) }
        try checkAnswers()
        readTools(members)
        seed = members["seed"]?.integer
        isStreamed = members["stream"]?.bool ?? false
        try readLimits(members)
    }

    private mutating func readLimits(_ members: [String: JSONValue]) throws(WireProblem) {
        switch format {
        case .openai:
            wantsUsage = members["stream_options"]?["include_usage"]?.bool ?? false
            let older = try Self.limit(members, "max_tokens")
            maxTokens = try Self.limit(members, "max_completion_tokens") ?? older
            if let count = members["n"]?.integer, count != 1 {
                throw WireProblem(status: 400, message: "Only n = 1 is served.", parameter: "n")
            }
        case .anthropic:
            wantsUsage = true
            maxTokens = try Self.limit(members, "max_tokens")
            if maxTokens == nil { throw Self.missing("max_tokens", format) }
        }
    }

    private static func limit(_ members: [String: JSONValue], _ name: String) throws(WireProblem) -> Int? {
        guard let value = members[name], !value.isNull else { return nil }
        guard let number = value.integer, (1...1 << 40).contains(number) else {
            throw WireProblem(
                status: 400,
                message: "\(name): must be an integer of at least 1",
                code: "integer_below_min_value",
                parameter: name
            )
        }
        return Int(number)
    }

    private static func turn(_ message: JSONValue, _ format: ProviderKind) throws(WireProblem) -> Turn {
        let roles =
            format == .openai
            ? ["user", "assistant", "system", "developer", "tool", "function"] : ["user", "assistant"]
        guard let role = message["role"]?.string, roles.contains(role) else {
            throw WireProblem(
                status: 400,
                message: "messages: each role must be one of \(roles.joined(separator: ", "))",
                code: "invalid_value",
                parameter: "messages"
            )
        }
        guard let content = message["content"], !content.isNull else {
            // An assistant's message may consist of tool calls alone.
            guard format == .openai, role == "assistant" else { throw missing("content", format) }
            return try withCalls(Turn(role: role, text: ""), message)
        }
        return try withCalls(Turn(role: role, text: try text(of: content, "messages")), message)
    }

    /// The text of a string, or of a list of parts; parts that are no text count for nothing.
    private static func text(of content: JSONValue, _ name: String) throws(WireProblem) -> String {
        switch content {
        case .string(let text): return text
        case .array(let parts):
            let texts = parts.compactMap { $0["text"]?.string ?? $0["content"]?.string }
            return texts.count == 1 ? texts[0] : texts.joined()
        default:
            throw WireProblem(
                status: 400,
                message: "\(name): the content must be a string or a list of parts, not \(content.typeName)",
                code: "invalid_type",
                parameter: name
            )
        }
    }

    static func missing(_ name: String, _ format: ProviderKind) -> WireProblem {
        switch format {
        case .openai:
            WireProblem(
                status: 400,
                message: "Missing required parameter: '\(name)'.",
                code: "missing_required_parameter",
                parameter: name
            )
        case .anthropic: WireProblem(status: 400, message: "\(name): Field required")
        }
    }
}
