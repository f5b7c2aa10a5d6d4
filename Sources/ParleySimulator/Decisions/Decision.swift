// What the simulator decided for one request. Pure data: the server carries it out.

/// What becomes of one request.
struct Decision: Hashable, Sendable {
    enum Content: Hashable, Sendable {
        case answer(String)
        /// Some words, and calls of tools in the format's own members.
        case calls(String, [AgentPlay.WrittenCall])
        /// The text that declines.
        case refusal(String)
        /// Blocked by the provider.
        case filtered
        /// More prompt than the model takes; its limit in tokens.
        case tooLong(limit: Int)
    }

    var content: Content
    var isTruncated: Bool
    /// nil where nothing fails.
    var fault: FaultKind?
    /// A number for ids of responses and requests, its own for each attempt.
    var identity: UInt64
    var latencyMicroseconds: Int
    /// Four bytes of prompt each.
    var promptTokens: Int
}
