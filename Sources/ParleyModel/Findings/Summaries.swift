// What a reader of findings must know of a model, a suite and a configuration.

/// A model, without how to reach it.
public struct ModelSummary: Hashable, Sendable, Codable {
    public var name: ModelName
    public var party: PartyName
    public var access: ModelDefinition.Access
    /// The id asked for.
    public var modelID: String
    /// The ids that came back, each once, sorted.
    public var modelsReturned: [String]

    private enum CodingKeys: String, CodingKey {
        case name, party, access, modelsReturned
        case modelID = "modelId"
    }

    public init(
        name: ModelName,
        party: PartyName,
        access: ModelDefinition.Access,
        modelID: String,
        modelsReturned: [String]
    ) {
        self.name = name
        self.party = party
        self.access = access
        self.modelID = modelID
        self.modelsReturned = modelsReturned
    }
}

/// The grader whose grades the findings use.
public struct GraderSummary: Hashable, Sendable, Codable {
    public var version: String
    /// The hash of all that its grades depend on.
    public var identity: ContentHash
    /// Whether it is the one that was frozen with the round; findings by any other are exploratory.
    public var frozen: Bool

    public init(version: String, identity: ContentHash, frozen: Bool) {
        self.version = version
        self.identity = identity
        self.frozen = frozen
    }
}

/// A suite, without its prompts.
public struct SuiteSummary: Hashable, Sendable, Codable {
    public var name: SuiteName
    public var title: String
    public var party: PartyName
    public var areas: [Area]
    /// What its findings claim; nil where that is not stated.
    public var claim: Claim?
    public var samples: Int
    public var epochs: Int
    /// What the epochs of a sample say together; nil for the mean over all observations.
    public var epochReducer: EpochReducer?
    public var scorer: Scorer.Kind
    public var datasetDigest: ContentHash
    /// nil where no model grades.
    public var grader: GraderSummary?

    public init(_ suite: Suite, grader: GraderSummary? = nil) {
        name = suite.name
        title = suite.title
        party = suite.party
        areas = suite.areas
        claim = suite.claim
        samples = suite.dataset.count
        epochs = suite.epochs
        epochReducer = suite.epochReducer
        scorer = suite.scorer.kind
        datasetDigest = suite.dataset.digest
        self.grader = grader
    }
}

/// A configuration, with the digest that names it.
public struct ConfigurationSummary: Hashable, Sendable, Codable {
    public var name: ConfigurationName
    public var model: ModelName
    public var digest: ContentHash
    public var settings: Configuration

    public init(_ configuration: Configuration) throws {
        name = configuration.name
        model = configuration.model
        digest = ContentHash(of: try JSONValue(encoding: configuration))
        settings = configuration
    }
}
