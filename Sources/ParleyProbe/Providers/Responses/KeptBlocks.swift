// What a provider wants back unchanged with the next request: Anthropic's thinking blocks with their signatures, the
// reasoning details of gateways that speak OpenAI's format. It is kept with the name of the format that it came from and
// goes to no other: a signature means nothing elsewhere, and thinking would be shown to a model as text.

import ParleyModel

/// A reply's own content, as ``Message/blocks`` keeps it: `{"provider": "anthropic", "content": […]}`.
struct KeptBlocks: Hashable, Sendable {
    var provider: ProviderKind
    var content: [JSONValue]

    /// The blocks of an Anthropic message; nil where text and tool calls are all there is.
    init?(anthropic content: [JSONValue]) {
        guard content.contains(where: { !["text", "tool_use"].contains($0["type"]?.string) }) else { return nil }
        provider = .anthropic
        self.content = content
    }

    /// The reasoning details of a message in OpenAI's format; nil where it has none.
    init?(openAI message: JSONValue) {
        guard let details = message["reasoning_details"]?.array, !details.isEmpty else { return nil }
        provider = .openai
        content = details
    }

    /// Reads what ``json`` wrote.
    init?(_ json: JSONValue?) {
        guard let provider = json?["provider"]?.string.flatMap(ProviderKind.init(rawValue:)),
            let content = json?["content"]?.array
        else { return nil }
        self.provider = provider
        self.content = content
    }

    var json: JSONValue { ["provider": .string(provider.rawValue), "content": .array(content)] }

    /// The content of a message where it came from this provider.
    static func content(of message: Message, for provider: ProviderKind) -> [JSONValue]? {
        guard let kept = KeptBlocks(message.blocks), kept.provider == provider else { return nil }
        return kept.content
    }
}
