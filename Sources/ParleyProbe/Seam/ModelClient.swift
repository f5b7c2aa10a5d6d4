// The seam between what is asked (solvers, judges) and how it goes over the wire (providers). Solvers are tested
// against a scripted client, providers against a real HTTP server.

public import ParleyModel

/// One call of a model.
public struct GenerateRequest: Hashable, Sendable {
    public var messages: [Message]
    public var configuration: Configuration
    /// The most output tokens of this call.
    public var maxTokens: Int
    public var purpose: Exchange.Purpose

    public init(messages: [Message], configuration: Configuration, maxTokens: Int, purpose: Exchange.Purpose = .target)
    {
        self.messages = messages
        self.configuration = configuration
        self.maxTokens = maxTokens
        self.purpose = purpose
    }
}

/// Why a model stopped. These are outcomes of the model, not failures of the attempt.
public enum StopReason: String, Hashable, Sendable, Codable {
    /// The end of the answer, or a stop sequence.
    case stop
    /// The token limit.
    case maxTokens = "max_tokens"
    /// The input and the answer do not fit the model's context.
    case contextLength = "context_length"
    /// The model declined, and the wire format says so.
    case refusal
    /// The provider blocked the request or the answer.
    case contentFilter = "content_filter"
}

/// A model's reply.
public struct GenerateReply: Hashable, Sendable {
    /// The text, reasoning taken out.
    public var text: String
    public var reasoning: String?
    public var stop: StopReason
    public var usage: Usage
    /// Whether the provider stated the usage, or it is zero for want of it.
    public var usageIsKnown: Bool
    public var modelReturned: String?
    public var exchange: Exchange

    public init(
        text: String,
        reasoning: String? = nil,
        stop: StopReason,
        usage: Usage,
        usageIsKnown: Bool = true,
        modelReturned: String?,
        exchange: Exchange
    ) {
        self.text = text
        self.reasoning = reasoning
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
