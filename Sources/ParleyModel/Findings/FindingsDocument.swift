// The findings of a round as a document: what `parley findings --json` prints (schemas/json/findings.schema.json) and
// what the report draws. Every number here was computed by the reduction; this file only gives it a form.

/// An estimate with its interval.
public struct Interval: Hashable, Sendable, Codable {
    public var lower: Double
    public var upper: Double
    /// For instance 0.95.
    public var level: Double
    /// `wilson`, `cluster-t`, …
    public var method: String

    public init(lower: Double, upper: Double, level: Double, method: String) {
        self.lower = lower
        self.upper = upper
        self.level = level
        self.method = method
    }
}

/// Latency quantiles in milliseconds, exact, nearest rank.
public struct LatencyQuantiles: Hashable, Sendable, Codable {
    public var p50: Double
    public var p95: Double
    public var p99: Double

    public init(p50: Double, p95: Double, p99: Double) {
        self.p50 = p50
        self.p95 = p95
        self.p99 = p99
    }
}

/// How far missing outcomes could move an estimate.
public struct MissingOutcomes: Hashable, Sendable, Codable {
    /// Outcomes that never ran, that failed and are left out, and that have no score and should have one.
    public var outcomes: Int
    /// The estimate if all of them had the lowest score.
    public var lower: Double
    /// The estimate if all of them had the highest score.
    public var upper: Double

    public init(outcomes: Int, lower: Double, upper: Double) {
        self.outcomes = outcomes
        self.lower = lower
        self.upper = upper
    }
}

/// What became of all outcomes of a cell whose scores are 0 or 1; the four add up to them.
public struct AnswerSummary: Hashable, Sendable, Codable {
    /// Outcomes that count with a score of 1, refusals aside.
    public var right: Int
    /// Outcomes that count with a score of 0, refusals aside.
    public var wrong: Int
    /// Refusals, whatever the suite makes of them.
    public var refused: Int
    public var other: Int

    public init(right: Int, wrong: Int, refused: Int, other: Int) {
        self.right = right
        self.wrong = wrong
        self.refused = refused
        self.other = other
    }
}

/// The finding of one cell.
public struct CellRecord: Hashable, Sendable, Codable {
    public var suite: SuiteName
    public var configuration: ConfigurationName
    /// Samples × epochs.
    public var planned: Int
    /// Outcomes by kind; every kind is named.
    public var kinds: [OutcomeKind: Int]
    /// Planned and without an outcome.
    public var neverRun: Int
    /// Outcomes of the kind `failed` by the class of their last failure; nil where none failed or nothing is known.
    public var failures: [String: Int]?
    /// Of those that never ran: observations that were ruled out after their retries were spent; nil where none was.
    public var ruledOut: Int?
    /// Outcomes that the estimate counts.
    public var counted: Int
    /// Samples with at least one counted outcome.
    public var clusters: Int
    /// `rate` where every score is 0 or 1, else `mean`; nil without counted outcomes.
    public var measure: String?
    public var estimate: Double?
    /// Clustered by sample.
    public var standardError: Double?
    public var interval: Interval?
    /// Other intervals of the same estimate: exact ones where each sample has one observation, and the bootstrap's
    /// where it was asked for.
    public var otherIntervals: [Interval]
    /// The standard deviation of the bootstrap's means, where it was asked for.
    public var bootstrapError: Double?
    /// nil where no outcome is missing, where scores have no bounds, and under an epoch reducer.
    public var missing: MissingOutcomes?
    /// nil where scores are not 0 and 1, and where nothing was run.
    public var answers: AnswerSummary?
    public var usage: Usage
    public var cost: Money
    /// nil where nothing was run.
    public var latency: LatencyQuantiles?
    /// Comparability flags of the configuration and of the cell, in words.
    public var flags: [String]
    /// Reasons against holding this finding against others; nil where there is none.
    public var comparability: [Comparability.Flag]?

    public init(
        suite: SuiteName,
        configuration: ConfigurationName,
        planned: Int,
        kinds: [OutcomeKind: Int],
        neverRun: Int,
        counted: Int,
        clusters: Int,
        measure: String?,
        estimate: Double?,
        standardError: Double?,
        interval: Interval?,
        otherIntervals: [Interval],
        bootstrapError: Double?,
        missing: MissingOutcomes? = nil,
        answers: AnswerSummary? = nil,
        usage: Usage,
        cost: Money,
        latency: LatencyQuantiles?,
        flags: [String]
    ) {
        self.suite = suite
        self.configuration = configuration
        self.planned = planned
        self.kinds = kinds
        self.neverRun = neverRun
        self.counted = counted
        self.clusters = clusters
        self.measure = measure
        self.estimate = estimate
        self.standardError = standardError
        self.interval = interval
        self.otherIntervals = otherIntervals
        self.bootstrapError = bootstrapError
        self.missing = missing
        self.answers = answers
        self.usage = usage
        self.cost = cost
        self.latency = latency
        self.flags = flags
    }
}

extension CellRecord {
    /// Planned, without an outcome, and not ruled out.
    public var outstanding: Int { neverRun - (ruledOut ?? 0) }
}

/// What flipping the signs of a comparison's differences says of them.
public struct PermutationSummary: Hashable, Sendable, Codable {
    public var pValue: Double
    /// Choices of signs that were counted.
    public var draws: Int
    /// Whether these are all that there are.
    public var exact: Bool

    public init(pValue: Double, draws: Int, exact: Bool) {
        self.pValue = pValue
        self.draws = draws
        self.exact = exact
    }
}

/// Two configurations on the same samples of one suite: left minus right.
public struct ComparisonRecord: Hashable, Sendable, Codable {
    /// What a comparison was before the round ran.
    public enum Family: String, Hashable, Sendable, Codable {
        /// Named in the definition, and touched by no amendment: adjusted by Holm over the primary ones.
        case primary
        /// Any other: adjusted by Benjamini and Hochberg over the exploratory ones.
        case exploratory
    }

    public var suite: SuiteName
    public var left: ConfigurationName
    public var right: ConfigurationName
    /// nil in a round that names no primary findings, whose comparisons are one table.
    public var family: Family?
    /// Samples that both sides hold.
    public var sharedSamples: Int
    public var difference: Double?
    public var standardError: Double?
    public var interval: Interval?
    public var pValue: Double?
    /// nil where it was not asked for, and beside McNemar's test, which it would repeat.
    public var permutation: PermutationSummary?
    /// Holm's adjustment over all comparisons of the round, or over the primary ones; nil for an exploratory one.
    public var adjustedPValue: Double?
    /// Benjamini and Hochberg's adjustment over all comparisons of the round, or over the exploratory ones; nil for a
    /// primary one.
    public var falseDiscoveryPValue: Double?
    /// `mcnemar-exact`, `paired-t`, …
    public var test: String?
    /// The difference that this many samples would show with 80 % power at 5 %.
    public var minimumDetectableEffect: Double?
    /// `higher`, `lower`, `no difference shown`, `insufficient evidence`.
    public var verdict: String
    /// The rule that gave the verdict.
    public var rule: String
    /// Flags of either side, as `configuration: flag`; nil where there is none.
    public var flags: [String]?

    public init(
        suite: SuiteName,
        left: ConfigurationName,
        right: ConfigurationName,
        sharedSamples: Int,
        difference: Double?,
        standardError: Double?,
        interval: Interval?,
        pValue: Double?,
        permutation: PermutationSummary? = nil,
        adjustedPValue: Double?,
        falseDiscoveryPValue: Double?,
        test: String?,
        minimumDetectableEffect: Double?,
        verdict: String,
        rule: String
    ) {
        self.suite = suite
        self.left = left
        self.right = right
        self.sharedSamples = sharedSamples
        self.difference = difference
        self.standardError = standardError
        self.interval = interval
        self.pValue = pValue
        self.permutation = permutation
        self.adjustedPValue = adjustedPValue
        self.falseDiscoveryPValue = falseDiscoveryPValue
        self.test = test
        self.minimumDetectableEffect = minimumDetectableEffect
        self.verdict = verdict
        self.rule = rule
    }
}

/// The findings of a round.
public struct FindingsDocument: Hashable, Sendable, Codable {
    public static let currentFormat = "parley.findings/1"

    public var format: String
    public var round: RoundName
    public var title: String
    public var tier: Tier
    /// True where the models were played by the simulated provider: no statement about any real model.
    public var simulated: Bool
    public var definitionHash: ContentHash
    /// How many parties had to sign the definition before it ran; nil where it is not signed by its parties.
    public var signatures: Int?
    /// Changes of what was agreed, after it was; nil where there is none.
    public var amendments: [Amendment]?
    public var currency: String
    /// Whether every planned job has an outcome or was ruled out.
    public var complete: Bool
    /// The time of the last outcome, ISO 8601; nil where there is none.
    public var asOf: String?
    public var parties: [Party]
    public var models: [ModelSummary]
    public var suites: [SuiteSummary]
    public var configurations: [ConfigurationSummary]
    public var cells: [CellRecord]
    public var comparisons: [ComparisonRecord]
    /// Of suites that models judge; its lists are empty where there is none.
    public var judges: JudgeRecords
    /// By area, by the party of the suite, by that of the model, and over all cells.
    public var rollUps: [RollUpRecord]
    /// The farthest first.
    public var surprises: [SurpriseRecord]

    public init(
        round: RoundName,
        title: String,
        tier: Tier,
        simulated: Bool,
        definitionHash: ContentHash,
        currency: String,
        complete: Bool,
        asOf: String?,
        parties: [Party],
        models: [ModelSummary],
        suites: [SuiteSummary],
        configurations: [ConfigurationSummary],
        cells: [CellRecord],
        comparisons: [ComparisonRecord],
        judges: JudgeRecords = JudgeRecords(),
        rollUps: [RollUpRecord] = [],
        surprises: [SurpriseRecord] = []
    ) {
        format = Self.currentFormat
        self.round = round
        self.title = title
        self.tier = tier
        self.simulated = simulated
        self.definitionHash = definitionHash
        self.currency = currency
        self.complete = complete
        self.asOf = asOf
        self.parties = parties
        self.models = models
        self.suites = suites
        self.configurations = configurations
        self.cells = cells
        self.comparisons = comparisons
        self.judges = judges
        self.rollUps = rollUps
        self.surprises = surprises
    }
}

extension FindingsDocument {
    /// Outcomes that a ruling leaves out.
    public var ruledOut: Int { cells.reduce(0) { $0 + ($1.ruledOut ?? 0) } }
}
