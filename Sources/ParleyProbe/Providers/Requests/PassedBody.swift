// The body of a program, made into a call of the configuration under test: what the configuration says goes before what
// the program says, since the configuration is what is compared. The rest of the body, tools among it, stays.

import ParleyModel

/// Puts a configuration into a body that a program built.
enum PassedBody {
    /// Members that would change how the answer comes or how many there are.
    private static let removed = ["stream", "stream_options", "n", "best_of", "max_tokens", "max_completion_tokens"]

    /// The most output tokens that the body asks for; nil where it says nothing.
    static func tokenLimit(of body: JSONValue) -> Int? {
        (body["max_completion_tokens"]?.integer ?? body["max_tokens"]?.integer).map { Int(clamping: max(1, $0)) }
    }

    /// The call. Its system prompt opens with the configuration's.
    static func build(_ body: JSONValue, for request: GenerateRequest, model: ModelDefinition) -> WireRequest {
        var request = request
        request.messages = []
        request.maxTokens = min(request.maxTokens, tokenLimit(of: body) ?? request.maxTokens)
        let own =
            switch model.provider {
            case .openai: OpenAIRequest.build(request, model: model)
            case .anthropic: AnthropicRequest.build(request, model: model)
            }
        var members = body.object ?? [:]
        for name in removed + model.unsupportedParameters { members[name] = nil }
        let messages = (own.body["messages"]?.array ?? []) + (members["messages"]?.array ?? [])
        let system = joined(own.body["system"], members["system"])
        members.merge(own.body.object ?? [:]) { $1 }
        members["messages"] = .array(messages)
        members["system"] = system
        return WireRequest(body: .object(members), dropped: own.dropped)
    }

    /// Two system texts of Anthropic's format, each a text or a list of blocks.
    private static func joined(_ first: JSONValue?, _ second: JSONValue?) -> JSONValue? {
        guard let first, let second else { return first ?? second }
        if let text = first.string, let other = second.string { return .string(text + "\n\n" + other) }
        return .array(blocks(first) + blocks(second))
    }

    private static func blocks(_ system: JSONValue) -> [JSONValue] {
        system.array ?? [["type": "text", "text": system]]
    }
}
