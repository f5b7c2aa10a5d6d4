// ScoreInterval.swift: which interval an estimate gets. A missing interval is better than a wrong one.

/// The interval of a clustered mean, or why there is none.
///
/// | observations | interval |
/// |---|---|
/// | none, or those of one sample | none |
/// | a rate, one observation a sample | Wilson on n |
/// | a rate, several a sample, all samples alike | Wilson on G, as if each sample were one observation |
/// | a rate or a mean, samples differ | y̅ ± t(G−1) · SE, cut to the score's range |
/// | a mean, all samples alike | none |
///
/// A rate is cut to 0…1. The t interval of a rate close to 0 or 1 over few samples covers less than it says.
func scoreInterval(
    _ mean: ClusteredMean,
    isRate: Bool,
    range: ClosedRange<Int64>?,
    quantiles: IntervalQuantiles
) -> (interval: ConfidenceInterval?, absence: IntervalAbsence?) {
    guard let centre = mean.mean() else { return (nil, .noObservations) }
    guard let error = mean.standardError() else { return (nil, .oneCluster) }
    if isRate, mean.observations == mean.clusters {
        return (wilsonInterval(rate: centre, observations: mean.observations, quantiles), nil)
    }
    if mean.residuals.isZero {
        guard isRate else { return (nil, .noVariation) }
        var interval = wilsonInterval(rate: centre, observations: mean.clusters, quantiles)
        interval.method = .wilsonOnClusters
        return (interval, nil)
    }
    let interval = quantiles.interval(centre, error: error, degrees: mean.clusters - 1, method: .clusterT)
    guard let bounds = isRate ? 0...Billionths.one : range else { return (interval, nil) }
    // A range that does not hold the mean is the suite's mistake; the interval still holds it.
    return (interval.cut(to: bounds, around: centre), nil)
}

extension ConfidenceInterval {
    /// The part within `range`, in billionths, and always up to `centre`.
    func cut(to range: ClosedRange<Int64>, around centre: Double) -> ConfidenceInterval {
        var interval = self
        interval.lower = min(centre, max(lower, Billionths.double(range.lowerBound)))
        interval.upper = max(centre, min(upper, Billionths.double(range.upperBound)))
        return interval
    }
}
