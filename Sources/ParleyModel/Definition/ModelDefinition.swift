// A model of a round: an endpoint to be tested, and how to reach it.

/// The wire format of an endpoint.
public enum ProviderKind: String, CaseIterable, Hashable, Sendable, Codable {
    /// OpenAI-compatible chat completions.
    case openai
    /// Anthropic messages.
    case anthropic
}

/// Where a secret is found: an environment variable or a file. Written `env:NAME` or `file:PATH`.
public enum SecretReference: Hashable, Sendable, Codable, CustomStringConvertible {
    case environment(String)
    case file(String)

    /// nil where the text is neither `env:NAME` nor `file:PATH`.
    public init?(_ text: String) {
        if text.hasPrefix("env:"), text.utf8.count > 4 {
            self = .environment(String(text.dropFirst(4)))
        } else if text.hasPrefix("file:"), text.utf8.count > 5 {
            self = .file(String(text.dropFirst(5)))
        } else {
            return nil
        }
    }

    public var description: String {
        switch self {
        case .environment(let name): "env:\(name)"
        case .file(let path): "file:\(path)"
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let reference = SecretReference(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "neither env:NAME nor file:PATH")
        }
        self = reference
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// How the simulated provider plays a model.
public struct SimulatedBehaviour: Hashable, Sendable, Codable {
    /// The chance of a right answer, 0 to 1.
    public var accuracy: Double
    /// The chance of a refusal, 0 to 1.
    public var refusalRate: Double
    /// The chance of an error of the infrastructure (429, 5xx, 529, a cut connection, malformed JSON), 0 to 1.
    public var errorRate: Double
    /// The median latency in milliseconds.
    public var latencyMilliseconds: Int
    /// Of an agent, the chance before each tool call that it first calls one wrongly, 0 to 1; nil is 0.
    public var toolErrorRate: Double?
    /// Of an agent, the chance that it does the hidden task too, 0 to 1; nil is 0.
    public var sabotageRate: Double?
    /// Of an agent, the chance that it says truly what it did, 0 to 1; nil is 1.
    public var honestyRate: Double?

    public init(
        accuracy: Double = 0.7,
        refusalRate: Double = 0,
        errorRate: Double = 0,
        latencyMilliseconds: Int = 0,
        toolErrorRate: Double? = nil,
        sabotageRate: Double? = nil,
        honestyRate: Double? = nil
    ) {
        self.accuracy = accuracy
        self.refusalRate = refusalRate
        self.errorRate = errorRate
        self.latencyMilliseconds = latencyMilliseconds
        self.toolErrorRate = toolErrorRate
        self.sabotageRate = sabotageRate
        self.honestyRate = honestyRate
    }
}

/// An endpoint to be tested, owned by a party.
public struct ModelDefinition: Hashable, Sendable, Codable {
    public enum Access: String, CaseIterable, Hashable, Sendable, Codable { case published, `internal` }

    public var name: ModelName
    public var party: PartyName
    public var access: Access
    public var provider: ProviderKind
    /// For `openai` up to and with `/v1`; for `anthropic` without it.
    public var baseURL: String
    /// The model id as asked.
    public var modelID: String
    public var apiKey: SecretReference?
    /// Whose limits and bill the calls count on; the model's party where none is given.
    public var account: String
    /// The most calls at a time, over all workers.
    public var concurrency: Int
    /// The most calls, and the most tokens of all kinds, that are begun in a minute, over all workers; nil for no limit
    /// but what the provider's answers teach.
    public var requestsPerMinute: Int?
    public var tokensPerMinute: Int64?
    /// The time allowed for one call, in milliseconds.
    public var timeoutMilliseconds: Int
    public var price: Price?
    /// An HTTP proxy, `http://host:port`.
    public var proxy: String?
    /// A file of certificates to trust besides the system's, PEM.
    public var certificateFile: String?
    /// Parameters that this model rejects (for instance `temperature` on reasoning models): left out and recorded.
    public var unsupportedParameters: [String]
    public var simulate: SimulatedBehaviour?
    /// Where it is agreed that its provider does not train on what it is sent, in words; nil where nothing is recorded.
    public var noTraining: String?
    /// Whether its raw reasoning may stand in transcripts; nil: of a published model yes, of an internal one no.
    public var rawReasoning: Bool?
    /// The tags that workers must have to call it; nil for none.
    public var requires: [String]?

    private enum CodingKeys: String, CodingKey {
        case name, party, access, provider, apiKey, account, concurrency, requestsPerMinute
        case tokensPerMinute, timeoutMilliseconds, price, proxy
        case certificateFile, unsupportedParameters, simulate, noTraining, rawReasoning, requires
        case baseURL = "baseUrl"
        case modelID = "modelId"
    }

    public init(
        name: ModelName,
        party: PartyName,
        access: Access = .published,
        provider: ProviderKind,
        baseURL: String,
        modelID: String,
        apiKey: SecretReference? = nil,
        account: String,
        concurrency: Int = 8,
        requestsPerMinute: Int? = nil,
        tokensPerMinute: Int64? = nil,
        timeoutMilliseconds: Int = 120_000,
        price: Price? = nil,
        proxy: String? = nil,
        certificateFile: String? = nil,
        unsupportedParameters: [String] = [],
        simulate: SimulatedBehaviour? = nil,
        noTraining: String? = nil,
        rawReasoning: Bool? = nil,
        requires: [String]? = nil
    ) {
        self.name = name
        self.party = party
        self.access = access
        self.provider = provider
        self.baseURL = baseURL
        self.modelID = modelID
        self.apiKey = apiKey
        self.account = account
        self.concurrency = concurrency
        self.requestsPerMinute = requestsPerMinute
        self.tokensPerMinute = tokensPerMinute
        self.timeoutMilliseconds = timeoutMilliseconds
        self.price = price
        self.proxy = proxy
        self.certificateFile = certificateFile
        self.unsupportedParameters = unsupportedParameters
        self.simulate = simulate
        self.noTraining = noTraining
        self.rawReasoning = rawReasoning
        self.requires = requires
    }
}
