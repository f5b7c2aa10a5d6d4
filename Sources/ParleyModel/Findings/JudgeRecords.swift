// What is said of a round's judges: how far they agree, how far they err where people labelled, and whether they favour
// the models of their own vendor. Every number here was computed by the reduction; this file only gives it a form.

/// The models of one vendor, which may know and favour one another.
public enum ModelFamily {}

/// The name of a family of models.
public typealias FamilyName = Name<ModelFamily>

/// The agreement of two judges, or of all judges of a suite, over transcripts that at least two of them scored.
public struct JudgeAgreementRecord: Hashable, Sendable, Codable {
    public var suite: SuiteName
    /// Two, or all of the suite; ascending.
    public var judges: [ConfigurationName]
    /// Transcripts (configuration, sample, epoch) with at least two scores.
    public var units: Int
    /// The scores on them.
    public var ratings: Int
    /// The share of pairs of scores that are equal, 0 to 1, not corrected for chance; nil without units.
    public var rawAgreement: Double?
    /// Of two judges. Like every coefficient here nil where all scores are the same.
    public var cohenKappa: Double?
    /// Of two judges, with categories apart by the square of their scores' difference.
    public var cohenKappaQuadratic: Double?
    /// nil where transcripts have different numbers of scores.
    public var fleissKappa: Double?
    /// Any two different scores are equally far apart.
    public var krippendorffAlpha: Double?
    /// Scores are apart by the square of their difference.
    public var krippendorffAlphaInterval: Double?

    public init(
        suite: SuiteName,
        judges: [ConfigurationName],
        units: Int,
        ratings: Int,
        rawAgreement: Double?,
        cohenKappa: Double?,
        cohenKappaQuadratic: Double?,
        fleissKappa: Double?,
        krippendorffAlpha: Double?,
        krippendorffAlphaInterval: Double?
    ) {
        self.suite = suite
        self.judges = judges
        self.units = units
        self.ratings = ratings
        self.rawAgreement = rawAgreement
        self.cohenKappa = cohenKappa
        self.cohenKappaQuadratic = cohenKappaQuadratic
        self.fleissKappa = fleissKappa
        self.krippendorffAlpha = krippendorffAlpha
        self.krippendorffAlphaInterval = krippendorffAlphaInterval
    }
}

/// Two judges of different vendors on models of both vendors.
public struct HomeBiasRecord: Hashable, Sendable, Codable {
    public var suite: SuiteName
    public var leftJudge: ConfigurationName
    public var rightJudge: ConfigurationName
    public var leftFamily: FamilyName
    public var rightFamily: FamilyName
    /// The configurations of the left judge's family; ascending.
    public var leftConfigurations: [ConfigurationName]
    /// The configurations of the right judge's family; ascending.
    public var rightConfigurations: [ConfigurationName]
    /// Samples that both judges scored on both sides.
    public var sharedSamples: Int
    public var samplesOnlyLeft: Int
    public var samplesOnlyRight: Int
    /// The mean of left judge − right judge over the left family's configurations.
    public var leftDifference: Double?
    /// The mean of left judge − right judge over the right family's configurations.
    public var rightDifference: Double?
    /// Left difference − right difference: positive where each judge favours its own family, relative to the other.
    public var interaction: Double?
    /// Clustered by sample.
    public var standardError: Double?
    public var interval: Interval?
    public var pValue: Double?
    /// Holm's adjustment over all records of home bias.
    public var adjustedPValue: Double?

    public init(
        suite: SuiteName,
        leftJudge: ConfigurationName,
        rightJudge: ConfigurationName,
        leftFamily: FamilyName,
        rightFamily: FamilyName,
        leftConfigurations: [ConfigurationName],
        rightConfigurations: [ConfigurationName],
        sharedSamples: Int,
        samplesOnlyLeft: Int,
        samplesOnlyRight: Int,
        leftDifference: Double?,
        rightDifference: Double?,
        interaction: Double?,
        standardError: Double?,
        interval: Interval?,
        pValue: Double?,
        adjustedPValue: Double?
    ) {
        self.suite = suite
        self.leftJudge = leftJudge
        self.rightJudge = rightJudge
        self.leftFamily = leftFamily
        self.rightFamily = rightFamily
        self.leftConfigurations = leftConfigurations
        self.rightConfigurations = rightConfigurations
        self.sharedSamples = sharedSamples
        self.samplesOnlyLeft = samplesOnlyLeft
        self.samplesOnlyRight = samplesOnlyRight
        self.leftDifference = leftDifference
        self.rightDifference = rightDifference
        self.interaction = interaction
        self.standardError = standardError
        self.interval = interval
        self.pValue = pValue
        self.adjustedPValue = adjustedPValue
    }
}

/// All that is said of the judges of a round.
public struct JudgeRecords: Hashable, Sendable, Codable {
    /// By suite; every two judges of it, then all where they are more than two.
    public var agreements: [JudgeAgreementRecord]
    /// By suite, configuration and judge, of suites with labels.
    public var errors: [JudgeErrorRecord]
    /// By suite and pair of judges.
    public var homeBiases: [HomeBiasRecord]
    /// By cell and axis, of suites whose rubric has axes; nil where none has. Each is named `SUITE.AXIS`; what was not
    /// judged stands as never run.
    public var axes: [CellRecord]?

    public init(
        agreements: [JudgeAgreementRecord] = [],
        errors: [JudgeErrorRecord] = [],
        homeBiases: [HomeBiasRecord] = [],
        axes: [CellRecord]? = nil
    ) {
        self.agreements = agreements
        self.errors = errors
        self.homeBiases = homeBiases
        self.axes = axes
    }
}
