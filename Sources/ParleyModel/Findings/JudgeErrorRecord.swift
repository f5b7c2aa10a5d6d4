// How far a judge errs on one cell, and what the cell's score is once that is corrected: computed by the reduction, and
// given a form here.

/// One judge on one cell, against the labels of people.
public struct JudgeErrorRecord: Hashable, Sendable, Codable {
    /// Verdicts of 0 and 1 against labels of 0 and 1.
    public struct Confusion: Hashable, Sendable, Codable {
        public var truePositives: Int
        public var falsePositives: Int
        public var trueNegatives: Int
        public var falseNegatives: Int
        /// The share of right verdicts.
        public var accuracy: Rate
        /// The share of right verdicts where the label is 1.
        public var sensitivity: Rate
        /// The share of right verdicts where the label is 0.
        public var specificity: Rate

        public init(
            truePositives: Int,
            falsePositives: Int,
            trueNegatives: Int,
            falseNegatives: Int,
            accuracy: Rate,
            sensitivity: Rate,
            specificity: Rate
        ) {
            self.truePositives = truePositives
            self.falsePositives = falsePositives
            self.trueNegatives = trueNegatives
            self.falseNegatives = falseNegatives
            self.accuracy = accuracy
            self.sensitivity = sensitivity
            self.specificity = specificity
        }
    }

    /// A share of observations.
    public struct Rate: Hashable, Sendable, Codable {
        public var observations: Int
        /// nil without observations.
        public var estimate: Double?
        /// nil with fewer than two samples.
        public var interval: Interval?

        public init(observations: Int, estimate: Double?, interval: Interval?) {
            self.observations = observations
            self.estimate = estimate
            self.interval = interval
        }
    }

    /// The mean label of the cell, estimated from labels of a part and the judge's scores of all (PPI++).
    public struct Correction: Hashable, Sendable, Codable {
        public var estimate: Double
        public var standardError: Double?
        public var interval: Interval?
        /// λ: how far the judge's scores are trusted, 0 (not at all) to 1.
        public var weight: Double

        public init(estimate: Double, standardError: Double?, interval: Interval?, weight: Double) {
            self.estimate = estimate
            self.standardError = standardError
            self.interval = interval
            self.weight = weight
        }
    }

    public var suite: SuiteName
    public var configuration: ConfigurationName
    public var judge: ConfigurationName
    /// Whether judge and configuration are of one family; nil where a family is not known.
    public var sameFamily: Bool?
    /// Samples with a label and a verdict on one transcript; 0 where nothing of the cell was audited.
    public var auditedSamples: Int
    /// Transcripts with a label and a verdict.
    public var auditedObservations: Int
    /// Of them, the ones on which judge and label differ.
    public var disagreements: Int
    /// Transcripts with a label on which the judge gave no verdict.
    public var noVerdict: Int
    /// Samples that the judge alone scored.
    public var unlabelledSamples: Int
    /// The judge's mean score of the cell as it stands.
    public var raw: Double?
    public var rawInterval: Interval?
    /// The mean label of what was audited.
    public var labelMean: Double?
    /// The mean of judge − label over the audited samples.
    public var judgeError: Double?
    public var judgeErrorStandardError: Double?
    /// nil where nothing was audited.
    public var corrected: Correction?
    /// nil where scores or labels are other than 0 and 1.
    public var confusion: Confusion?

    public init(
        suite: SuiteName,
        configuration: ConfigurationName,
        judge: ConfigurationName,
        sameFamily: Bool?,
        auditedSamples: Int,
        auditedObservations: Int,
        disagreements: Int,
        noVerdict: Int,
        unlabelledSamples: Int,
        raw: Double?,
        rawInterval: Interval?,
        labelMean: Double?,
        judgeError: Double?,
        judgeErrorStandardError: Double?,
        corrected: Correction?,
        confusion: Confusion?
    ) {
        self.suite = suite
        self.configuration = configuration
        self.judge = judge
        self.sameFamily = sameFamily
        self.auditedSamples = auditedSamples
        self.auditedObservations = auditedObservations
        self.disagreements = disagreements
        self.noVerdict = noVerdict
        self.unlabelledSamples = unlabelledSamples
        self.raw = raw
        self.rawInterval = rawInterval
        self.labelMean = labelMean
        self.judgeError = judgeError
        self.judgeErrorStandardError = judgeErrorStandardError
        self.corrected = corrected
        self.confusion = confusion
    }
}
