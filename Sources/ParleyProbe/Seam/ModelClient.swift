// The seam between what is asked (solvers, judges) and how it goes over the wire (providers). Solvers are tested
// against a scripted client, providers against a real HTTP server.

public import ParleyModel

/// One call of a model.
public struct GenerateRequest: Hashable, Sendable {
    public var messages: [Message]
    /// The tools that the model may call, in the wire format's own members.
    public var tools: [Tool]
    public var configuration: Configuration
    /// The most output tokens of this call.
    public var maxTokens: Int
    public var purpose: Exchange.Purpose

    public init(
        messages: [Message],
        tools: [Tool] = [],
        configuration: Configuration,
        maxTokens: Int,
        purpose: Exchange.Purpose = .target
    ) {
        self.messages = messages
        self.tools = tools
        self.configuration = configuration
        self.maxTokens = maxTokens
        self.purpose = purpose
    }
}

/// Why a model stopped. These are outcomes of the model, not failures of the attempt.
public enum StopReason: String, Hashable, Sendable, Codable {
    /// The end of the answer, or a stop sequence.
    case stop
    /// The model calls tools and waits for their answers.
    case toolCalls = "tool_calls"
    /// The token limit.
    case maxTokens = "max_tokens"
    /// The input and the answer do not fit the model's context.
    case contextLength = "context_length"
    /// The model declined, and the wire format says so.
    case refusal
    /// The provider blocked the request or the answer.
    case contentFilter = "content_filter"
}

/// A model's reply. A class, since a call in flight keeps room for it in the frame of each function that waits for it.
public final class GenerateReply: Sendable {
    /// The text, reasoning taken out.
    public let text: String
    public let reasoning: String?
    /// What the model calls, in order.
    public let toolCalls: [ToolCall]
    /// What is to be sent back unchanged with this reply, in the form of ``Message/blocks``; nil where text and calls
    /// say all.
    public let blocks: JSONValue?
    public let stop: StopReason
    public let usage: Usage
    /// Whether the provider stated the usage, or it is zero for want of it.
    public let usageIsKnown: Bool
    public let modelReturned: String?
    public let exchange: Exchange

    public init(
        text: String,
        reasoning: String? = nil,
        toolCalls: [ToolCall] = [],
        blocks: JSONValue? = nil,
        stop: StopReason,
        usage: Usage,
        usageIsKnown: Bool = true,
        modelReturned: String?,
        exchange: Exchange
    ) {
        self.text = text
        self.reasoning = reasoning
        self.toolCalls = toolCalls
        self.blocks = blocks
        self.stop = stop
        self.usage = usage
        self.usageIsKnown = usageIsKnown
        self.modelReturned = modelReturned
        self.exchange = exchange
    }
}

/// Calls one model.
public protocol ModelClient: Sendable {
    /// One call, no retries: whether and when to try again is the queue's decision.
    func generate(_ request: GenerateRequest) async throws(ProbeFailure) -> GenerateReply
}
