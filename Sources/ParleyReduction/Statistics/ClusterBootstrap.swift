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
        means.sort()
        let tail = 0.5 * (1 - level)
        let percentile = ConfidenceInterval(
            lower: Self.quantile(means, tail),
            upper: Self.quantile(means, 1 - tail),
            level: level,
            method: .bootstrapPercentile
        )
        let bca = correction.map { correction in
            ConfidenceInterval(
                lower: Self.quantile(means, correction.level(tail)),
                upper: Self.quantile(means, correction.level(1 - tail)),
                level: level,
                method: .bootstrapBCa
            )
        }
        return BootstrapEstimate(standardError: standardError, percentile: percentile, bca: bca)
    }

    /// Σ scores / Σ observations of each resample, in the order of the draws.
    ///
    /// Resample r uses the words from r · ⌈G/2⌉ on, two indices a word. Sums and numbers of observations are added as
    /// one packed integer, of 64 bits where they fit: scores are divided by their greatest common divisor first, and
    /// then nearly always do.
    func resampledMeans(count: Int, seed: UInt64) -> [Double] {
        let divisor = max(1, clusters.reduce(Int128(0)) { greatestCommonDivisor($0, $1.sum) })
        let drawn = Int64(clusters.count)
        let largestCount = drawn * (clusters.map(\.count).max() ?? 0)
        let largestSum = Int128(drawn) * (clusters.map { abs($0.sum / divisor) }.max() ?? 0)
        let shift = Int64.bitWidth - largestCount.leadingZeroBitCount
        let fits = shift + Int128.bitWidth - largestSum.leadingZeroBitCount < Int64.bitWidth - 1
        return fits
            ? resampledMeans(Int64.self, count, seed, divisor: divisor, shift: shift)
            : resampledMeans(Int128.self, count, seed, divisor: divisor, shift: shift)
    }

    private func resampledMeans<Word: FixedWidthInteger & SignedInteger>(
        _: Word.Type,
        _ count: Int,
        _ seed: UInt64,
        divisor: Int128,
        shift: Int
    ) -> [Double] {
        let packed = clusters.map { Word(truncatingIfNeeded: $0.sum / divisor) << shift + Word($0.count) }
        let random = CounterRandom(seed: seed)
        let limit = UInt32(clusters.count)
        let threshold = CounterRandom.threshold(limit)
        let words = (clusters.count + 1) / 2
        let pairs = clusters.count / 2
        let mask = (Word(1) << shift) - 1
        let table = packed.span
        return (0..<count).map { resample in
            var even: Word = 0
            var odd: Word = 0
            let start = UInt64(resample) &* UInt64(words)
            for pair in 0..<pairs {
                let word = random.word(start &+ UInt64(pair))
                let first = UInt64(UInt32(truncatingIfNeeded: word)) &* UInt64(limit)
                let second = (word >> 32) &* UInt64(limit)
                if min(UInt32(truncatingIfNeeded: first), UInt32(truncatingIfNeeded: second)) < threshold {
                    even &+= packed[Self.index(UInt32(truncatingIfNeeded: word), limit, threshold)]
                    odd &+= packed[Self.index(UInt32(truncatingIfNeeded: word >> 32), limit, threshold)]
                } else {
                    // Unchecked: a product's high half is below the limit, which is the table's size.
                    unsafe even &+= table[unchecked: Int(first >> 32)]
                    unsafe odd &+= table[unchecked: Int(second >> 32)]
                }
            }
            if words > pairs {
                let word = random.word(start &+ UInt64(pairs))
                even &+= packed[Self.index(UInt32(truncatingIfNeeded: word), limit, threshold)]
            }
            let total = even &+ odd
            let observations = Int64(truncatingIfNeeded: total & mask)
            return nearestRatio(Int128(total >> shift) * divisor, observations * Billionths.one) / Double(fraction)
        }
    }

    /// An index below the limit from 32 bits, which are mixed again as long as they are among those too many.
    private static func index(_ bits: UInt32, _ limit: UInt32, _ threshold: UInt32) -> Int {
        var bits = bits
        while true {
            if let index = CounterRandom.index(bits, below: limit, threshold: threshold) { return index }
            bits = UInt32(truncatingIfNeeded: CounterRandom.mix(UInt64(bits) &+ 0x9E37_79B9_7F4A_7C15))
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

    /// The quantile of sorted values by linear interpolation between the two around (B − 1)·p.
    static func quantile(_ sorted: [Double], _ p: Double) -> Double {
        let position = Double(sorted.count - 1) * min(1, max(0, p))
        let index = min(Int(position), sorted.count - 2)
        let fraction = position - Double(index)
        let (low, high) = (sorted[index], sorted[index + 1])
        return low + (high - low) * fraction
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

private func greatestCommonDivisor(_ a: Int128, _ b: Int128) -> Int128 {
    var (a, b) = (a.magnitude, b.magnitude)
    while b != 0 { (a, b) = (b, a % b) }
    return Int128(a)
}
