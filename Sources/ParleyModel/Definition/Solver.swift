// How a sample is put to a model.

/// A worked example that is shown before the question.
public struct FewShotExample: Hashable, Sendable, Codable {
    public var input: String
    public var answer: String

    public init(input: String, answer: String) {
        self.input = input
        self.answer = answer
    }
}

/// A user that is played by another model.
public struct SimulatedUser: Hashable, Sendable, Codable {
    /// The configuration that plays it.
    public var configuration: ConfigurationName
    /// What it is told to do; `{{input}}`, `{{target}}` and `{{metadata.KEY}}` are filled from the sample.
    public var systemPrompt: String
    /// The most turns that it takes.
    public var turns: Int
    /// A phrase with which it ends the conversation early; that message is not sent on.
    public var stopPhrase: String?

    public init(configuration: ConfigurationName, systemPrompt: String, turns: Int, stopPhrase: String? = nil) {
        self.configuration = configuration
        self.systemPrompt = systemPrompt
        self.turns = turns
        self.stopPhrase = stopPhrase
    }
}

/// How a sample is put to a model.
public struct Solver: Hashable, Sendable, Codable {
    public enum Kind: String, CaseIterable, Hashable, Sendable, Codable {
        /// One call; the answer is the reply's text.
        case generate
        /// Choices are laid out as letters; the answer is a letter.
        case multipleChoice = "multiple_choice"
        /// After the first reply, each of `turns` is sent as a user message; the last reply is the answer.
        case scriptedTurns = "scripted_turns"
        /// A model plays the user for some turns; the answer is the whole of the target's replies.
        case simulatedUser = "simulated_user"
        /// The model works in an environment with tools until it calls none; the answer is its last reply.
        case agent
        /// A model plays user and world to the target by tools; the answer is the whole of what passed between them.
        case auditor
        /// A program carries the conversation through, and answers or scores.
        case external
    }

    public var kind: Kind
    /// Put before the sample's own messages.
    public var systemPrompt: String?
    /// Replaces the text of the last user message; `{{input}}`, `{{choices}}`, `{{letters}}`, `{{metadata.KEY}}`.
    public var template: String?
    public var fewShot: [FewShotExample]
    /// User messages of `scriptedTurns`, templates as above.
    public var turns: [String]
    public var user: SimulatedUser?
    /// What an agent works in and its limits, or the limits of an auditor; nil for all other kinds.
    public var agent: AgentSettings?
    /// The configuration that plays the auditor; nil for all other kinds.
    public var auditor: ConfigurationName?
    /// The program of `external`.
    public var program: ExternalProgram?

    public init(
        kind: Kind = .generate,
        systemPrompt: String? = nil,
        template: String? = nil,
        fewShot: [FewShotExample] = [],
        turns: [String] = [],
        user: SimulatedUser? = nil,
        agent: AgentSettings? = nil,
        auditor: ConfigurationName? = nil,
        program: ExternalProgram? = nil
    ) {
        self.kind = kind
        self.systemPrompt = systemPrompt
        self.template = template
        self.fewShot = fewShot
        self.turns = turns
        self.user = user
        self.agent = agent
        self.auditor = auditor
        self.program = program
    }

    /// Configurations other than the one under test that a probe calls.
    public var helpers: [ConfigurationName] {
        [user?.configuration, auditor].compactMap { $0 }
            + (program?.roles.sorted { $0.key < $1.key }.map(\.value) ?? [])
    }
}
