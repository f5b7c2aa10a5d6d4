// A model as it is run. What is compared is always the configuration, never 'the model': two settings of one model
// are two configurations with two digests.

/// How much a model is asked to reason.
public struct Reasoning: Hashable, Sendable, Codable {
    /// `none minimal low medium high xhigh max`, as the provider takes it.
    public var effort: String?
    /// A budget of thinking tokens (Anthropic's `thinking.budget_tokens`).
    public var budgetTokens: Int?

    public init(effort: String? = nil, budgetTokens: Int? = nil) {
        self.effort = effort
        self.budgetTokens = budgetTokens
    }
}

/// Sampling parameters; nil means the provider's default.
public struct Sampling: Hashable, Sendable, Codable {
    public var temperature: Double?
    public var topP: Double?
    public var topK: Int?
    public var seed: Int64?
    public var stop: [String]

    public init(
        temperature: Double? = nil,
        topP: Double? = nil,
        topK: Int? = nil,
        seed: Int64? = nil,
        stop: [String] = []
    ) {
        self.temperature = temperature
        self.topP = topP
        self.topK = topK
        self.seed = seed
        self.stop = stop
    }
}

/// How a model is given tools.
public enum ToolMode: String, CaseIterable, Hashable, Sendable, Codable {
    /// In the wire format's own members.
    case native
    /// In words: the tools stand in the system prompt, a call is a fenced block of JSON.
    case text
}

/// A model as it is run: the unit that is compared.
public struct Configuration: Hashable, Sendable, Codable {
    /// What a system message is sent as; roles differ between providers and change results.
    public enum SystemRole: String, CaseIterable, Hashable, Sendable, Codable { case system, developer, user }

    public var name: ConfigurationName
    public var model: ModelName
    public var systemPrompt: String?
    public var systemRole: SystemRole
    public var reasoning: Reasoning?
    /// How the model is given tools; nil is `native`, so that both have one digest.
    public var toolMode: ToolMode?
    public var sampling: Sampling
    /// The most output tokens of one call; a suite's own limit goes before it.
    public var maxTokens: Int
    /// Whether the provider relaxed external safeguards for this round.
    public var safeguardsRelaxed: Bool
    /// Comparability flags, for instance `scaffold tuned for`; shown on every finding.
    public var flags: [String]
    /// True where the model behind it is known not to change, so that a change of its findings is one of the harness.
    public var reference: Bool?

    public init(
        name: ConfigurationName,
        model: ModelName,
        systemPrompt: String? = nil,
        systemRole: SystemRole = .system,
        reasoning: Reasoning? = nil,
        toolMode: ToolMode? = nil,
        sampling: Sampling = Sampling(),
        maxTokens: Int = 1024,
        safeguardsRelaxed: Bool = false,
        flags: [String] = [],
        reference: Bool = false
    ) {
        self.name = name
        self.model = model
        self.systemPrompt = systemPrompt
        self.systemRole = systemRole
        self.reasoning = reasoning
        self.toolMode = toolMode == .native ? nil : toolMode
        self.sampling = sampling
        self.maxTokens = maxTokens
        self.safeguardsRelaxed = safeguardsRelaxed
        self.flags = flags
        self.reference = reference ? true : nil
    }
}
