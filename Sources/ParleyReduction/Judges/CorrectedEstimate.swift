// CorrectedEstimate.swift: what is said of a cell's mean once people have labelled a part of what a judge scored.

/// A judge's mean score of one cell, corrected by labels.
///
/// n samples have labels Y and judge's scores F, each the mean over the sample's audited observations; N other samples
/// have judge's scores F′ alone. The corrected mean is θ = λ·mean(F′) + mean(Y − λF): the judge's mean, moved by what
/// the audit found the judge to be wrong by. It estimates the mean label over observations with a verdict, without bias
/// for every fixed λ, provided that the audited samples were drawn at random. λ = 1 trusts the judge fully, λ = 0 not
/// at all, which leaves the mean label. The best λ, for which the error is least, is
///
/// λ = cov(Y, F) / ((1 + n/N) · var(F, F′)), cut to 0…1,
///
/// with the covariance over n and the variance over all n + N scores with n + N − 1. Source: A. Angelopoulos, J. Duchi
/// and T. Zrnic, "PPI++: efficient prediction-powered inference" (2023, arXiv 2311.01453), with power tuning for a mean;
/// λ and θ are those of its package ppi_py.
public struct CorrectedEstimate: Sendable, Equatable {
    /// The judge's mean as it stands, over all observations with a verdict: the raw estimate.
    public var judge: ScoreEstimate
    /// n, samples with a label and a verdict on one observation.
    public var auditedSamples: Int64
    /// Observations with a label and a verdict.
    public var auditedObservations: Int64
    /// N, samples with verdicts and without a label beside one.
    public var unlabelledSamples: Int64
    /// Observations with a label on which the judge gave no verdict. They enter nothing; many of them make the audited
    /// samples something else than a random part.
    public var noVerdict: Int64
    /// Audited observations on which judge and label differ. With none of n the interval knows nothing of errors that
    /// the audit did not meet, and a share of 3/n of them may well be there.
    public var disagreements: Int64
    /// The mean label over the audited samples, without the judge: θ at λ = 0.
    public var labelMean: Double?
    /// The judge's measured error: the mean of judge minus label over the audited samples. Positive where the judge
    /// scores too high.
    public var judgeError: Double?
    /// The standard error of ``judgeError``; `nil` with fewer than two audited samples, and where all errors are equal,
    /// which does not make it 0.
    public var judgeErrorStandardError: Double?
    /// λ, a multiple of 2⁻⁵⁰; 0 with fewer than two unlabelled samples; `nil` without audited ones.
    public var weight: Double?
    /// θ, in the score's unit; `nil` without audited samples. Not cut to the score's range, which it can leave when the
    /// audit is small.
    public var estimate: Double?
    /// √(λ²·var(F′)/N + var(Y − λF)/n) with variances over N − 1 and n − 1; `nil` with fewer than two audited samples.
    ///
    /// The paper and ppi_py divide by N and n, which is the same in the limit and too small for audits of tens.
    public var standardError: Double?
    /// The interval, or `nil` for the reason in ``intervalAbsence``.
    ///
    /// θ ± t(n−1) · SE, cut to the score's range, where ppi_py has z: with tens of labels z holds the truth too rarely
    /// (see <doc:JudgeCorrection>). The degrees are those of the audited part, the smaller one. At λ = 0 it is the labels'
    /// own, by the rules of ``ScoreEstimate/interval``: Wilson's for labels of 0 and 1.
    public var interval: ConfidenceInterval?
    /// Why there is no interval. Clusters are the audited samples.
    public var intervalAbsence: IntervalAbsence?

    /// Makes an estimate from its parts.
    public init(
        judge: ScoreEstimate,
        auditedSamples: Int64,
        auditedObservations: Int64,
        unlabelledSamples: Int64,
        noVerdict: Int64,
        disagreements: Int64,
        labelMean: Double?,
        judgeError: Double?,
        judgeErrorStandardError: Double?,
        weight: Double?,
        estimate: Double?,
        standardError: Double?,
        interval: ConfidenceInterval?,
        intervalAbsence: IntervalAbsence?
    ) {
        self.judge = judge
        self.auditedSamples = auditedSamples
        self.auditedObservations = auditedObservations
        self.unlabelledSamples = unlabelledSamples
        self.noVerdict = noVerdict
        self.disagreements = disagreements
        self.labelMean = labelMean
        self.judgeError = judgeError
        self.judgeErrorStandardError = judgeErrorStandardError
        self.weight = weight
        self.estimate = estimate
        self.standardError = standardError
        self.interval = interval
        self.intervalAbsence = intervalAbsence
    }
}
