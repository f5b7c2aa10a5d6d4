// PairedComparison.swift: what is said about the difference between two cells of a suite.

/// The comparison of two cells, paired by sample.
///
/// For every sample that both cells observed, dⱼ = (mean of the first's epochs) − (mean of the second's). The
/// difference is their mean d̅, its standard error √(Σ(dⱼ − d̅)² / (m − 1) / m) over m shared samples. Pairing removes
/// what is common to both: samples that are hard for either. Source: E. Miller, arXiv 2411.00640, section 4.2.
public struct PairedComparison: Sendable, Equatable {
    /// How the p value was computed.
    public enum Test: String, Sendable, Equatable, CaseIterable {
        /// McNemar's exact test: every shared sample has one observation of 0 or 1 on either side.
        case mcNemarExact = "McNemar, exact"
        /// Student's t test of the paired differences with m − 1 degrees of freedom.
        case pairedT = "paired t"
    }

    /// The cells.
    public var pair: CellPair
    /// m, samples observed in both cells.
    public var sharedSamples: Int64
    /// Samples observed in the first cell alone; they enter nothing.
    public var samplesOnlyInFirst: Int64
    /// Samples observed in the second cell alone; they enter nothing.
    public var samplesOnlyInSecond: Int64
    /// The mean over the shared samples of the first cell's sample means, in the score's unit.
    public var firstMean: Double?
    /// The same of the second cell.
    public var secondMean: Double?
    /// d̅, first minus second, in the score's unit; `nil` without shared samples.
    public var difference: Double?
    /// The standard error of the difference; `nil` with fewer than two shared samples or when all dⱼ are equal, which
    /// does not make the error 0.
    public var standardError: Double?
    /// The interval of the difference at level 1 − α, cut to the differences that the cells' scores can have; `nil` where
    /// the standard error is.
    public var interval: ConfidenceInterval?
    /// The test, or `nil` when neither can be made.
    public var test: Test?
    /// Shared samples in which the first alone scored 1. Only under ``Test/mcNemarExact``.
    public var firstOnly: Int64?
    /// Shared samples in which the second alone scored 1. Only under ``Test/mcNemarExact``.
    public var secondOnly: Int64?
    /// The two-sided p value of the test.
    public var pValue: Double?
    /// The sign-flip test of the differences, beside the paired t test; `nil` where it was not asked for, and under
    /// ``Test/mcNemarExact``, which is itself the exact sign-flip test of differences of 0 and ±1.
    public var permutation: PermutationTest?
    /// The p value after Holm's adjustment over the table of comparisons.
    public var adjustedPValue: Double?
    /// The p value after Benjamini and Hochberg's adjustment over the table: for lists of questions, not for verdicts.
    public var falseDiscoveryPValue: Double?
    /// The smallest true difference that this comparison finds with the rule's power; `nil` where the standard error
    /// is.
    public var minimumDetectableDifference: Double?
    /// What may be said, by ``ComparisonRule/verdict(difference:pValue:minimumDetectable:)``.
    public var verdict: Verdict

    /// Makes a comparison from its parts.
    public init(
        pair: CellPair,
        sharedSamples: Int64,
        samplesOnlyInFirst: Int64,
        samplesOnlyInSecond: Int64,
        firstMean: Double?,
        secondMean: Double?,
        difference: Double?,
        standardError: Double?,
        interval: ConfidenceInterval?,
        test: Test?,
        firstOnly: Int64?,
        secondOnly: Int64?,
        pValue: Double?,
        permutation: PermutationTest? = nil,
        adjustedPValue: Double?,
        falseDiscoveryPValue: Double?,
        minimumDetectableDifference: Double?,
        verdict: Verdict
    ) {
        self.pair = pair
        self.sharedSamples = sharedSamples
        self.samplesOnlyInFirst = samplesOnlyInFirst
        self.samplesOnlyInSecond = samplesOnlyInSecond
        self.firstMean = firstMean
        self.secondMean = secondMean
        self.difference = difference
        self.standardError = standardError
        self.interval = interval
        self.test = test
        self.firstOnly = firstOnly
        self.secondOnly = secondOnly
        self.pValue = pValue
        self.permutation = permutation
        self.adjustedPValue = adjustedPValue
        self.falseDiscoveryPValue = falseDiscoveryPValue
        self.minimumDetectableDifference = minimumDetectableDifference
        self.verdict = verdict
    }

    /// The p value of ``permutation``. Verdicts do not use it: of B draws none is below 1/(B + 1), which a table of
    /// many comparisons adjusts to 1.
    public var permutationPValue: Double? { permutation?.pValue }
}
