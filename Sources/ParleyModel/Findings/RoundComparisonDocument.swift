// Two rounds compared: what `parley compare --json` prints (schemas/json/comparison.schema.json).

/// What changed from one round to another, cell by cell, on the samples that both hold.
public struct RoundComparisonDocument: Hashable, Sendable, Codable {
    /// A round as far as it was when it was compared.
    public struct Round: Hashable, Sendable, Codable {
        public var round: RoundName
        public var definitionHash: ContentHash
        /// True where the models were played by the simulated provider.
        public var simulated: Bool

        public init(round: RoundName, definitionHash: ContentHash, simulated: Bool) {
            self.round = round
            self.definitionHash = definitionHash
            self.simulated = simulated
        }
    }

    /// One cell in both rounds: later minus earlier.
    public struct Change: Hashable, Sendable, Codable {
        public var suite: SuiteName
        public var configuration: ConfigurationName
        /// Samples of the same content that both rounds observed.
        public var anchorSamples: Int
        public var onlyInEarlier: Int
        public var onlyInLater: Int
        /// The means over the anchor samples.
        public var earlier: Double?
        public var later: Double?
        public var difference: Double?
        public var standardError: Double?
        public var interval: Interval?
        public var test: String?
        public var pValue: Double?
        /// Holm's adjustment over all cells.
        public var adjustedPValue: Double?
        /// Benjamini and Hochberg's adjustment over all cells.
        public var falseDiscoveryPValue: Double?
        /// The difference that so many samples would show with 80 % power at 5 %.
        public var minimumDetectableEffect: Double?
        /// `improved`, `regressed`, `unchanged`, `insufficient evidence` or `not comparable`.
        public var verdict: String
        /// The rule that gave the verdict.
        public var rule: String
        /// What differs between the rounds besides the answers, for instance `configuration: sampling`.
        public var changedSettings: [String]
        /// Whether the change, or its absence, is shown.
        public var status: EvidenceStatus
        /// What the reference configurations say of the harness in this suite.
        public var harness: HarnessVerdict
        /// Flags of the cell in either round; nil where there is none.
        public var flags: [String]?

        public init(
            suite: SuiteName,
            configuration: ConfigurationName,
            anchorSamples: Int,
            onlyInEarlier: Int,
            onlyInLater: Int,
            earlier: Double?,
            later: Double?,
            difference: Double?,
            standardError: Double?,
            interval: Interval?,
            test: String?,
            pValue: Double?,
            adjustedPValue: Double?,
            falseDiscoveryPValue: Double?,
            minimumDetectableEffect: Double?,
            verdict: String,
            rule: String,
            changedSettings: [String],
            status: EvidenceStatus,
            harness: HarnessVerdict,
            flags: [String]? = nil
        ) {
            self.suite = suite
            self.configuration = configuration
            self.anchorSamples = anchorSamples
            self.onlyInEarlier = onlyInEarlier
            self.onlyInLater = onlyInLater
            self.earlier = earlier
            self.later = later
            self.difference = difference
            self.standardError = standardError
            self.interval = interval
            self.test = test
            self.pValue = pValue
            self.adjustedPValue = adjustedPValue
            self.falseDiscoveryPValue = falseDiscoveryPValue
            self.minimumDetectableEffect = minimumDetectableEffect
            self.verdict = verdict
            self.rule = rule
            self.changedSettings = changedSettings
            self.status = status
            self.harness = harness
            self.flags = flags
        }
    }

    public static let currentFormat = "parley.comparison/1"

    public var format: String
    public var earlier: Round
    public var later: Round
    /// The smallest difference that matters, in the scores' unit.
    public var relevantDifference: Double
    /// The cells that both rounds have, in the order of the later one.
    public var changes: [Change]
    /// Cells of one round alone, as `suite: configuration`.
    public var onlyInEarlier: [String]
    public var onlyInLater: [String]

    public init(
        earlier: Round,
        later: Round,
        relevantDifference: Double,
        changes: [Change],
        onlyInEarlier: [String],
        onlyInLater: [String]
    ) {
        format = Self.currentFormat
        self.earlier = earlier
        self.later = later
        self.relevantDifference = relevantDifference
        self.changes = changes
        self.onlyInEarlier = onlyInEarlier
        self.onlyInLater = onlyInLater
    }
}
