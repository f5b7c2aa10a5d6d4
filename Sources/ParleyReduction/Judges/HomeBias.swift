// HomeBias.swift: whether two judges favour the models of their own vendors.

/// The home-bias interaction of two judges that scored the same transcripts.
///
/// Over observations that both judges scored, d = first judge's score − second judge's. With dₐ the mean of d over the
/// first vendor's models and d_b the one over the second vendor's, the interaction is dₐ − d_b. How good the models
/// are cancels, since both judges saw the same transcripts; so does a judge that is strict with all. Positive: each
/// judge favours its own vendor's models, relative to the other judge. It cannot tell whose bias it is.
///
/// Each sample counts once a side, with the mean of its observations there. Samples that are on both sides are paired:
/// the interaction is the mean of dₐⱼ − d_bⱼ over them, with the standard error of a mean of m values and Student's t
/// with m − 1 degrees; samples on one side alone then enter nothing. Where the sides share no sample they are
/// independent: the standard error is √(SEₐ² + SE_b²), with the lesser number of samples, less 1, as degrees of
/// freedom, which never promises too much. Sources: the interaction contrast of a two-by-two design; pairing as in
/// ``PairedComparison``; the degrees after M. Mickey and M. Brown, "Bounds on the distribution functions of the
/// Behrens–Fisher statistic", Annals of Mathematical Statistics 37 (1966).
public struct HomeBias: Sendable, Equatable {
    /// Samples on both sides.
    public var sharedSamples: Int64
    /// Samples of the first vendor's models alone.
    public var samplesOnlyOfFirst: Int64
    /// Samples of the second vendor's models alone.
    public var samplesOnlyOfSecond: Int64
    /// dₐ, over the samples that enter.
    public var differenceOnFirst: Double?
    /// d_b, over the samples that enter.
    public var differenceOnSecond: Double?
    /// dₐ − d_b, in the score's unit; `nil` where a side has no samples.
    public var interaction: Double?
    /// The standard error; `nil` with fewer than two samples on a side, and where nothing varies, which does not make
    /// it 0.
    public var standardError: Double?
    /// The interval; `nil` where the standard error is.
    public var interval: ConfidenceInterval?
    /// The two-sided p value of no interaction; `nil` where the standard error is.
    public var pValue: Double?

    /// Makes a home bias from its parts.
    public init(
        sharedSamples: Int64,
        samplesOnlyOfFirst: Int64,
        samplesOnlyOfSecond: Int64,
        differenceOnFirst: Double?,
        differenceOnSecond: Double?,
        interaction: Double?,
        standardError: Double?,
        interval: ConfidenceInterval?,
        pValue: Double?
    ) {
        self.sharedSamples = sharedSamples
        self.samplesOnlyOfFirst = samplesOnlyOfFirst
        self.samplesOnlyOfSecond = samplesOnlyOfSecond
        self.differenceOnFirst = differenceOnFirst
        self.differenceOnSecond = differenceOnSecond
        self.interaction = interaction
        self.standardError = standardError
        self.interval = interval
        self.pValue = pValue
    }
}
