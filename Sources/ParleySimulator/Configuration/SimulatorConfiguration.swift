// What the simulated provider plays: its models, and the seed from which everything is drawn.

import ParleyModel

/// What the simulated provider plays. In JSON:
///
///     {"seed": 7, "models": {"careful": {"accuracy": 0.9}, "hasty": {"accuracy": 0.5, "error_rate": 0.1}}}
public struct SimulatorConfiguration: Hashable, Sendable, Codable {
    /// Two servers with the same seed give the same answers.
    public var seed: UInt64
    /// How a model behaves that `models` does not name.
    public var standard: ModelBehaviour
    /// Behaviours by model id.
    public var models: [String: ModelBehaviour]
    /// Whether a model that `models` does not name is served; otherwise it is not found (404).
    public var servesUnknownModels: Bool
    /// The key that clients must show; nil admits everybody.
    public var apiKey: String?
    /// The largest request body in bytes; a larger one gets 413.
    public var maxBodyBytes: Int
    /// How many different prompts are remembered with how often they were asked, at 48 bytes or so each;
    /// beyond that the least asked give way.
    public var rememberedPrompts: Int
    /// The pause between the pieces of a slow body, in milliseconds.
    public var slowBodyPauseMilliseconds: Int
    /// The threads that serve; one is enough for tens of thousands of requests a second.
    public var threads: Int

    public init(
        seed: UInt64 = 1,
        standard: ModelBehaviour = ModelBehaviour(),
        models: [String: ModelBehaviour] = [:],
        servesUnknownModels: Bool = true,
        apiKey: String? = nil,
        maxBodyBytes: Int = 32 << 20,
        rememberedPrompts: Int = 1 << 18,
        slowBodyPauseMilliseconds: Int = 200,
        threads: Int = 1
    ) {
        self.seed = seed
        self.standard = standard
        self.models = models
        self.servesUnknownModels = servesUnknownModels
        self.apiKey = apiKey
        self.maxBodyBytes = maxBodyBytes
        self.rememberedPrompts = rememberedPrompts
        self.slowBodyPauseMilliseconds = slowBodyPauseMilliseconds
        self.threads = threads
    }

    /// Reads a configuration from JSON. Throws ``JSONError`` where the text is no JSON and `DecodingError`, which
    /// names the member, where it does not fit.
    public init(parsing text: String) throws {
        self = try JSONValue(parsing: text).decode(SimulatorConfiguration.self)
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case seed, standard, models, servesUnknownModels, apiKey, maxBodyBytes, rememberedPrompts
        case slowBodyPauseMilliseconds, threads
    }

    public init(from decoder: any Decoder) throws {
        let reader = try StrictReader(decoder, CodingKeys.self)
        let fallback = SimulatorConfiguration()
        seed = try reader.value(.seed, else: fallback.seed)
        standard = try reader.value(.standard, else: fallback.standard)
        models = try reader.value(.models, else: fallback.models)
        servesUnknownModels = try reader.value(.servesUnknownModels, else: fallback.servesUnknownModels)
        apiKey = try reader.value(.apiKey, else: fallback.apiKey)
        maxBodyBytes = try reader.value(.maxBodyBytes, else: fallback.maxBodyBytes)
        rememberedPrompts = try reader.value(.rememberedPrompts, else: fallback.rememberedPrompts)
        slowBodyPauseMilliseconds = try reader.value(.slowBodyPauseMilliseconds, else: 200)
        threads = try reader.value(.threads, else: fallback.threads)
        try reader.check(maxBodyBytes > 0, .maxBodyBytes, "is not above 0")
        try reader.check((1...1 << 24).contains(rememberedPrompts), .rememberedPrompts, "is not between 1 and 2^24")
        try reader.check(slowBodyPauseMilliseconds >= 0, .slowBodyPauseMilliseconds, "is below 0")
        try reader.check((1...256).contains(threads), .threads, "is not between 1 and 256")
    }
}
