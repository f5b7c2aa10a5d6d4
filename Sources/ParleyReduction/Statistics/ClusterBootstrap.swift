// ClusterBootstrap.swift: intervals of a mean by drawing whole samples again, percentile and BCa.
// The draws of a cell follow from its seed alone: no thread, order or neighbour changes them.

/// How a bootstrap draws.
public struct BootstrapPlan: Sendable, Equatable {
    /// Resamples of each cell; at least 100.
    public var resamples: Int
    /// The seed of all draws. Frozen with the round.
    public var seed: UInt64

    /// Makes a plan.
    public init(resamples: Int = 10_000, seed: UInt64) {
        precondition(resamples >= 100, "a bootstrap needs at least 100 resamples")
        self.resamples = resamples
        self.seed = seed
    }
}

/// What a cluster bootstrap says of a mean.
///
/// G samples are drawn with replacement from a cell's G samples, each with all its observations, and the mean is the
/// sum of their scores over the number of their observations. Source: A. C. Davison and D. V. Hinkley, "Bootstrap
/// Methods and their Application" (1997), section 3.8; B. Efron, "Better bootstrap confidence intervals", JASA 82
/// (1987), for BCa.
public struct BootstrapEstimate: Sendable, Equatable {
    /// The standard deviation of the resampled means, with divisor B − 1.
    public var standardError: Double
    /// Between the quantiles at (1 ∓ level)/2 of the resampled means, interpolated linearly (definition 7 of Hyndman
    /// and Fan, as numpy's and scipy's).
    public var percentile: ConfidenceInterval
    /// The same with the levels corrected for bias and acceleration; `nil` when all resamples lie on one side of the
    /// mean or the jackknife does not vary.
    public var bca: ConfidenceInterval?

    /// Makes an estimate from its parts.
    public init(standardError: Double, percentile: ConfidenceInterval, bca: ConfidenceInterval?) {
        self.standardError = standardError
        self.percentile = percentile
        self.bca = bca
    }
}

/// The cluster bootstrap of one cell.
struct ClusterBootstrap: Sendable {
    /// Clusters with observations, in ascending order of their sample ids.
    private let clusters: [Cluster]
    private let mean: ClusteredMean
    /// Fixed-point units of the sums that make a billionth; a power of two.
    private let fraction: Int64

    init(_ all: some Sequence<Cluster>, fraction: Int64 = 1) {
        clusters = all.filter { $0.count > 0 }
        mean = ClusteredMean(clusters, fraction: fraction)
        self.fraction = fraction
    }

    /// The seed of a cell's draws under a plan.
    static func seed(_ plan: BootstrapPlan, identity: UInt64) -> UInt64 {
        CounterRandom.mix(plan.seed &+ CounterRandom.mix(identity))
    }

    /// The estimate, or `nil` with fewer than two clusters or without variation between them.
    func estimate(resamples: Int, seed: UInt64, level: Double) -> BootstrapEstimate? {
        guard clusters.count > 1, !mean.residuals.isZero, let centre = mean.mean() else { return nil }
        var means = resampledMeans(count: resamples, seed: seed)
        let standardError = standardDeviation(means)
        let correction = biasAndAcceleration(means, centre: centre)
        let tail = 0.5 * (1 - level)
        let levels = [tail, 1 - tail] + (correction.map { [$0.level(tail), $0.level(1 - tail)] } ?? [])
        let places = levels.map { Self.place(of: $0, count: means.count) }
        selectOrderStatistics(&means, ranks: places.flatMap { [$0.index, $0.index + 1] }.sorted())
        // By linear interpolation between the two around (B − 1)·p.
        let ends = places.map { place in
            means[place.index] + (means[place.index + 1] - means[place.index]) * place.fraction
        }
        let percentile = ConfidenceInterval(
            lower: ends[0],
            upper: ends[1],
            level: level,
            method: .bootstrapPercentile
        )
        let bca = correction.map { _ in
            ConfidenceInterval(lower: ends[2], upper: ends[3], level: level, method: .bootstrapBCa)
        }
        return BootstrapEstimate(standardError: standardError, percentile: percentile, bca: bca)
    }

    /// Σ scores / Σ observations of each resample, in the order of the draws.
    ///
    /// Sums and numbers of observations are added as one packed integer of 64 bits, where they fit it: scores are
    /// divided by their greatest common divisor first, and then nearly always do.
    func resampledMeans(count: Int, seed: UInt64) -> [Double] {
        let divisor = max(1, clusters.reduce(Int128(0)) { greatestCommonDivisor($0, $1.sum) })
        let draws = BootstrapDraws(limit: clusters.count, seed: seed)
        let drawn = Int64(clusters.count)
        let largestCount = drawn * (clusters.map(\.count).max() ?? 0)
        let largestSum = Int128(drawn) * (clusters.map { abs($0.sum / divisor) }.max() ?? 0)
        let rejectBits = Int64.bitWidth - drawn.leadingZeroBitCount
        let shift = rejectBits + Int64.bitWidth - largestCount.leadingZeroBitCount
        func mean(_ sum: Int128, _ observations: Int64) -> Double {
            nearestRatio(sum, observations * Billionths.one) / Double(fraction)
        }
        guard shift + Int128.bitWidth - largestSum.leadingZeroBitCount < Int64.bitWidth - 1 else {
            return (0..<count).map { resample in
                var (sum, observations) = (Int128(0), Int64(0))
                draws.forEach(resample: resample) { index in
                    sum += clusters[index].sum
                    observations += clusters[index].count
                }
                return mean(sum, observations)
            }
        }
        let packed = clusters.map { Int64($0.sum / divisor) << shift + $0.count << rejectBits }
        let table = draws.table(packed, rejected: 1)
        let mask = Int64(1) << (shift - rejectBits) - 1
        return (0..<count).map { resample in
            let total = draws.sum(table, rejectMask: Int64(1) << rejectBits - 1, resample: resample)
            return mean(Int128(total >> shift) * divisor, total >> rejectBits & mask)
        }
    }

    /// √(Σ(m − m̅)² / (B − 1)), summed in the order of the draws.
    private func standardDeviation(_ means: [Double]) -> Double {
        let centre = means.reduce(0, +) / Double(means.count)
        let squares = means.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
        return (squares / Double(means.count - 1)).squareRoot()
    }

    /// z₀ from the share of resampled means below the mean, half of those equal to it counted; a from the jackknife
    /// that leaves one sample out: a = Σd³ / (6 (Σd²)^{3/2}) with d the mean of the jackknife's values less each.
    private func biasAndAcceleration(_ means: [Double], centre: Double) -> BCaCorrection? {
        var below = 0
        var equal = 0
        for mean in means {
            if mean < centre { below += 1 }
            if mean == centre { equal += 1 }
        }
        let share = (Double(below) + 0.5 * Double(equal)) / Double(means.count)
        guard share > 0, share < 1 else { return nil }
        let total = mean.sum
        let observations = mean.observations
        let left = clusters.map { cluster in
            // One sample may hold all observations but those of empty ones, which are not here.
            nearestRatio(total - cluster.sum, max(1, observations - cluster.count))
        }
        let middle = left.reduce(0, +) / Double(left.count)
        var squares = 0.0
        var cubes = 0.0
        for value in left {
            let difference = middle - value
            squares += difference * difference
            cubes += difference * difference * difference
        }
        guard squares > 0 else { return nil }
        return BCaCorrection(bias: normalQuantile(share), acceleration: cubes / (6 * squares * squares.squareRoot()))
    }

    /// Where the quantile p lies among sorted values.
    private static func place(of p: Double, count: Int) -> (index: Int, fraction: Double) {
        let position = Double(count - 1) * min(1, max(0, p))
        let index = min(Int(position), count - 2)
        return (index, position - Double(index))
    }
}

/// The two numbers that BCa corrects levels by.
private struct BCaCorrection {
    var bias: Double
    var acceleration: Double

    /// Φ(z₀ + (z₀ + z) / (1 − a(z₀ + z))) with z the normal quantile of the level.
    func level(_ level: Double) -> Double {
        let shifted = bias + normalQuantile(level)
        return normalCumulative(bias + shifted / (1 - acceleration * shifted))
    }
}
