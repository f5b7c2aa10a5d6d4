// A suite: an eval owned by a party. The dataset stands here as digest and count; its samples are stored apart.

/// The six areas of the alignment taxonomy that findings are rolled up into.
public enum Area: String, CaseIterable, Hashable, Sendable, Codable {
    case scalableOversight = "scalable oversight"
    case adversarialRobustness = "adversarial robustness"
    case aiControl = "AI control"
    case modelOrganisms = "model organisms"
    case mechInterp = "mech-interp"
    case modelWelfare = "model welfare"
}

/// A dataset as it was frozen.
public struct FrozenDataset: Hashable, Sendable, Codable {
    /// Where it came from, as the round file says; for people only.
    public var source: String
    /// The number of samples after filters and limits.
    public var count: Int
    /// The hash over the samples' ids and content hashes, in order.
    public var digest: ContentHash

    public init(source: String, count: Int, digest: ContentHash) {
        self.source = source
        self.count = count
        self.digest = digest
    }
}

/// An eval owned by a party: dataset, solver, scorer, areas.
public struct Suite: Hashable, Sendable, Codable {
    public var name: SuiteName
    public var title: String
    public var party: PartyName
    public var areas: [Area]
    /// Suites of one name here are rolled up together; nil where a suite stands alone.
    public var family: String?
    /// What its findings claim; nil where the round file does not say.
    public var claim: Claim?
    public var dataset: FrozenDataset
    public var solver: Solver
    public var scorer: Scorer
    /// How often each sample is run.
    public var epochs: Int
    /// What the epochs of a sample say together; nil for the mean over all observations.
    public var epochReducer: EpochReducer?
    /// The most output tokens of one call in this suite; nil leaves it to the configuration.
    public var maxTokens: Int?
    /// Whether its samples are hidden from all but their owner until the release; nil for no.
    public var heldOut: Bool?
    /// The last day on which a held-out suite may be planned, `YYYY-MM-DD`; nil for no end.
    public var expires: String?
    /// A text that stands in each of its samples and nowhere else, by which a leak is known; nil for none.
    public var canary: String?
    /// The tags that workers must have to run it; nil for none.
    public var requires: [String]?
    /// What a finding does with outcomes of each kind; a kind that is not named follows `Suite.defaultTreatment`.
    public var kinds: [OutcomeKind: KindTreatment]

    public init(
        name: SuiteName,
        title: String,
        party: PartyName,
        areas: [Area],
        family: String? = nil,
        claim: Claim? = nil,
        dataset: FrozenDataset,
        solver: Solver,
        scorer: Scorer,
        epochs: Int = 1,
        epochReducer: EpochReducer? = nil,
        maxTokens: Int? = nil,
        heldOut: Bool? = nil,
        expires: String? = nil,
        canary: String? = nil,
        requires: [String]? = nil,
        kinds: [OutcomeKind: KindTreatment] = [:]
    ) {
        self.name = name
        self.title = title
        self.party = party
        self.areas = areas
        self.family = family
        self.claim = claim
        self.dataset = dataset
        self.solver = solver
        self.scorer = scorer
        self.epochs = epochs
        self.epochReducer = epochReducer
        self.maxTokens = maxTokens
        self.heldOut = heldOut
        self.expires = expires
        self.canary = canary
        self.requires = requires
        self.kinds = kinds
    }

    public var isHeldOut: Bool { heldOut == true }

    /// What a worker must offer to be given jobs of a held-out suite: that it was admitted to its keys.
    public func sealTag(in round: RoundName) -> String { "sealed:\(round)/\(name)" }

    /// What happens to outcomes of this kind.
    public func treatment(of kind: OutcomeKind) -> KindTreatment { kinds[kind] ?? Self.defaultTreatment(of: kind) }

    /// Scores count as given; refusals stand apart; what the model did not answer is left out and stated.
    public static func defaultTreatment(of kind: OutcomeKind) -> KindTreatment {
        switch kind {
        case .scored, .truncated: .asScored
        case .refused: .reportApart
        case .answered, .filtered, .limited, .unscorable, .failed: .exclude
        }
    }
}
