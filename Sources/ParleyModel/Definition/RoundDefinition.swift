// A round as it was agreed: everything that decides what is run and how it is judged, resolved and complete. Its
// canonical JSON is hashed, frozen and stored; workers interpret nothing else. It holds references to secrets, never
// secrets, and digests of datasets, never samples.

/// Who tests whom.
public enum Tier: String, CaseIterable, Hashable, Sendable, Codable {
    /// Each lab runs its own suites on the other labs' published models.
    case bilateral
    /// A third party runs its suites on the internal agents of several labs.
    case mediated
}

/// One cell: a suite on a configuration. Its number is its index in `RoundDefinition.cells`.
public struct Cell: Hashable, Sendable, Codable {
    public let suite: SuiteName
    public let configuration: ConfigurationName

    public init(suite: SuiteName, configuration: ConfigurationName) {
        self.suite = suite
        self.configuration = configuration
    }
}

/// A round as it was agreed.
public struct RoundDefinition: Hashable, Sendable, Codable {
    /// The version of this form; a worker refuses one that it does not understand.
    public static let currentFormat = 1

    public var format: Int
    public var name: RoundName
    public var title: String
    public var tier: Tier
    /// The ISO code of the currency of prices and budgets.
    public var currency: String
    /// Seeds the order of jobs and whatever else is drawn at random.
    public var seed: Int64
    /// Whether every model is played by the simulated provider.
    public var isSimulated: Bool
    public var parties: [Party]
    public var models: [ModelDefinition]
    public var configurations: [Configuration]
    public var suites: [Suite]
    public var cells: [Cell]
    public var budgets: [Budget]
    /// What the parties say to STREAM's criteria, by ``StreamCriterion``; nil where the round file does not.
    public var stream: [String: String]?
    /// How many of its labs and evaluators must sign before anything runs; nil for a round of one operator, which is
    /// not signed by its parties.
    public var signatures: Int?
    /// The comparisons that the round is made for, named before it runs; nil where none was named.
    public var primary: [PrimaryFinding]?
    /// The answers that people label; nil where none was agreed.
    public var audit: AuditSample?
    public var rules: RoundRules?
    /// How the order of samples is drawn; nil where they run as their datasets have them.
    public var order: SampleOrder?
    /// Reasons against comparing findings of some cells; nil where there is none.
    public var comparability: [Comparability]?
    /// Whether a lab may leave before the disclosure without a trace; nil for no.
    public var silentExit: Bool?
    /// What stands for it where its own canonical JSON is not what was signed: the digest of the tree of a round that a
    /// lab may leave. No part of the JSON.
    public var treeDigest: ContentHash?

    private enum CodingKeys: String, CodingKey {
        case format, name, title, tier, currency, seed, isSimulated, parties, models, configurations, suites, cells
        case budgets, stream, signatures, primary, audit, rules, order, comparability, silentExit
    }

    public init(
        name: RoundName,
        title: String,
        tier: Tier,
        currency: String,
        seed: Int64,
        isSimulated: Bool,
        parties: [Party],
        models: [ModelDefinition],
        configurations: [Configuration],
        suites: [Suite],
        cells: [Cell],
        budgets: [Budget],
        stream: [String: String]? = nil,
        comparability: [Comparability]? = nil
    ) {
        format = Self.currentFormat
        self.name = name
        self.title = title
        self.tier = tier
        self.currency = currency
        self.seed = seed
        self.isSimulated = isSimulated
        self.parties = parties
        self.models = models
        self.configurations = configurations
        self.suites = suites
        self.cells = cells
        self.budgets = budgets
        self.stream = stream
        self.comparability = comparability
    }

    /// The JSON form whose canonical text is stored and hashed.
    public func json() throws -> JSONValue { try JSONValue(encoding: self) }

    /// What it is frozen and signed under: the hash of its canonical JSON, or the digest of its tree.
    public var hash: ContentHash { get throws { try treeDigest ?? ContentHash(of: json()) } }

    /// Whether a lab may leave before the disclosure without a trace.
    public var allowsSilentExit: Bool { silentExit == true }

    /// Points every model at a simulated provider, by its address without a path.
    public mutating func useSimulator(at address: String) {
        var base = address
        while base.hasSuffix("/") { base.removeLast() }
        for index in models.indices {
            models[index].baseURL = models[index].provider == .openai ? base + "/v1" : base
        }
    }

    public func party(_ name: PartyName) -> Party? { parties.first { $0.name == name } }
    public func model(_ name: ModelName) -> ModelDefinition? { models.first { $0.name == name } }
    public func configuration(_ name: ConfigurationName) -> Configuration? { configurations.first { $0.name == name } }
    public func suite(_ name: SuiteName) -> Suite? { suites.first { $0.name == name } }
}
