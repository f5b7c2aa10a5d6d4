// What an agent works in, and how far it may go; an auditor, who works on a conversation, has the same limits. They are
// frozen with the suite: an agent that was allowed more turns is another eval.

/// The environment and the limits of an agent.
public struct AgentSettings: Hashable, Sendable, Codable {
    /// The environment's name.
    public var environment: String
    /// The most calls of the model; its replies and the tools that they call are one turn each.
    public var turns: Int
    /// The most time, in milliseconds; nil for no limit. It is looked at between turns, so that a call under way ends.
    public var timeLimitMilliseconds: Int?
    /// The most tokens of all turns together, input and output; nil for no limit. Looked at between turns.
    public var tokenLimit: Int64?
    /// The most that all turns together may cost; nil for no limit. Looked at between turns.
    public var costLimit: Money?
    /// The most of one tool's answer that the model is shown, in bytes of UTF-8.
    public var outputLimit: Int

    /// The environment of auditors, whose tools act on the conversation with the target. No agent can be put into it.
    public static let audit = "audit"

    public static let defaultTurns = 30
    public static let defaultOutputLimit = 16_384

    public init(
        environment: String,
        turns: Int = defaultTurns,
        timeLimitMilliseconds: Int? = nil,
        tokenLimit: Int64? = nil,
        costLimit: Money? = nil,
        outputLimit: Int = defaultOutputLimit
    ) {
        self.environment = environment
        self.turns = turns
        self.timeLimitMilliseconds = timeLimitMilliseconds
        self.tokenLimit = tokenLimit
        self.costLimit = costLimit
        self.outputLimit = outputLimit
    }

    // MARK: - Estimates, before anything is run

    /// What the description of an environment's tools is taken to come to, in tokens: no environment is made for it.
    public static let estimatedToolTokens = 1_000

    /// What the answers of the tools of one turn are taken to come to, in tokens. Most are short; 500 is a guess, which
    /// `token_limit` bounds.
    public var estimatedAnswerTokens: Int { min((outputLimit + 3) / 4, 500) }
}
