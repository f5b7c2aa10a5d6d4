// PredictionPowered.swift: the arithmetic of CorrectedEstimate, by whole numbers.
// λ is rounded to a multiple of 2⁻⁵⁰, and λF once a sample to 10⁻⁹ · 2⁻⁴⁰: so the residuals Y − λF are whole, their
// variance is exact, and residuals that vanish are zero and not a rounding error.

/// The mean of a cell's labels, from a judge's scores of all its observations and labels of some of them.
///
/// - Parameters:
///   - table: the ratings, labels among them.
///   - cell: the cell.
///   - judge: the rater that scored.
///   - gold: the rater whose ratings are the labels.
///   - range: the scores that can occur, in billionths, to which intervals are cut; 0…1 where all scores are 0 or 1.
///   - level: of the intervals.
public func correctedEstimate(
    _ table: RatingTable,
    cell: Int32,
    judge: Int32,
    gold: Int32,
    range: ClosedRange<Int64>? = nil,
    level: Double = 0.95
) -> CorrectedEstimate {
    let samples = AuditedSamples(table, cell: cell, judge: judge, gold: gold)
    let quantiles = IntervalQuantiles(level: level)
    let errors = ClusteredMean(samples.errors, fraction: SharedSamples.fraction)
    let power = PredictionPower(samples)
    let choice = power.interval(samples, range: samples.isBinary ? 0...Billionths.one : range, quantiles)
    return CorrectedEstimate(
        judge: ScoreEstimate(
            ClusteredMean(samples.verdicts.clusters),
            isRate: samples.isBinary,
            range: range,
            quantiles: quantiles
        ),
        auditedSamples: Int64(samples.labels.count),
        auditedObservations: samples.observations,
        unlabelledSamples: Int64(samples.unlabelled.count),
        noVerdict: samples.noVerdict,
        disagreements: samples.disagreements,
        labelMean: ClusteredMean(samples.labels, fraction: SharedSamples.fraction).mean(),
        judgeError: errors.mean(),
        judgeErrorStandardError: errors.residuals.isZero ? nil : errors.standardError(),
        weight: power.estimate == nil ? nil : power.weight,
        estimate: power.estimate,
        standardError: power.standardError,
        interval: choice.interval,
        intervalAbsence: choice.absence
    )
}

/// λ, θ and its standard error.
private struct PredictionPower {
    /// λ.
    let weight: Double
    /// θ.
    let estimate: Double?
    let standardError: Double?
    /// Of Y − λF over the audited samples.
    private let residuals: ClusteredMean

    /// How many units of a residual make one of Y and F. Its squares then stay inside 256 bits for a whole table of the
    /// largest scores.
    private static let refinement: Int64 = 1 << 16

    init(_ samples: AuditedSamples) {
        let scaled = Self.scaledWeight(samples)
        weight = Double(scaled) * 0x1p-50
        residuals = ClusteredMean(
            zip(samples.labels, samples.judged).map { label, judged in
                Cluster(count: 1, sum: Int128(Self.refinement) * label.sum - Self.refinedProduct(scaled, judged.sum))
            },
            fraction: SharedSamples.fraction * Self.refinement
        )
        guard scaled > 0 else {
            estimate = residuals.mean()
            standardError = residuals.standardError()
            return
        }
        let unlabelled = ClusteredMean(samples.unlabelled, fraction: SharedSamples.fraction)
        let moved = weight * (unlabelled.mean() ?? 0)
        let own = weight * (unlabelled.standardError() ?? 0)
        estimate = residuals.mean().map { $0 + moved }
        standardError = residuals.standardError().map { ($0 * $0 + own * own).squareRoot() }
    }

    /// The interval by the rules of ``CorrectedEstimate/interval``, or why there is none.
    func interval(
        _ samples: AuditedSamples,
        range: ClosedRange<Int64>?,
        _ quantiles: IntervalQuantiles
    ) -> (interval: ConfidenceInterval?, absence: IntervalAbsence?) {
        guard let estimate else { return (nil, .noObservations) }
        guard let standardError else { return (nil, .oneCluster) }
        if weight == 0 {
            let isRate = samples.isBinary && samples.observations == residuals.observations
            return scoreInterval(residuals, isRate: isRate, range: range, quantiles: quantiles)
        }
        guard standardError > 0 else { return (nil, .noVariation) }
        let degrees = residuals.clusters - 1
        let interval = quantiles.interval(
            estimate,
            error: standardError,
            degrees: degrees,
            method: .predictionPoweredT
        )
        return (range.map { interval.cut(to: $0, around: estimate) } ?? interval, nil)
    }

    /// λ · 2⁵⁰, nearest.
    ///
    /// From exact C = n²·cov and V = M(M−1)·var over M = n + N scores, λ = C/V · N(M−1)/n². Without two unlabelled
    /// samples, and of a judge whose scores never differ, it is 0.
    private static func scaledWeight(_ samples: AuditedSamples) -> Int64 {
        let audited = samples.judged
        let unlabelled = samples.unlabelled
        guard unlabelled.count > 1, !audited.isEmpty else { return 0 }
        let auditedSum = audited.reduce(Int128(0)) { $0 + $1.sum }
        let sum = unlabelled.reduce(auditedSum) { $0 + $1.sum }
        let n = Int128(audited.count)
        let all = n + Int128(unlabelled.count)
        var covariance = ProductSum()
        var variance = ProductSum()
        for (label, judged) in zip(samples.labels, audited) {
            covariance.add(label.sum, times: n * judged.sum - auditedSum)
            variance.add(judged.sum, times: all * judged.sum - sum)
        }
        for score in unlabelled { variance.add(score.sum, times: all * score.sum - sum) }
        guard !variance.isZero else { return 0 }
        let size = roundedQuotient(Int128(unlabelled.count) * (all - 1), n * n)
        let best = covariance.double / variance.double * size
        return Int64(nearestInteger(max(0, min(1, best)) * 0x1p50))
    }

    /// λ · value in the unit of a residual, nearest, halves away from zero; `scaled` is λ · 2⁵⁰.
    private static func refinedProduct(_ scaled: Int64, _ value: Int128) -> Int128 {
        let unit = (Int128(1) << 50) / Int128(refinement)
        let product = Int128(scaled) * value
        return (product + (product < 0 ? -unit : unit) / 2) / unit
    }
}
