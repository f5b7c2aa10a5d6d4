// ClusteredMean.swift: the mean of clustered observations and its standard error, by whole numbers.
// n·Sⱼ − nⱼ·T is the residual of cluster j times n, an integer; its squares are summed in 256 bits. So no sum rounds,
// and no order of the clusters can show.

/// One cluster: the number of its observations and their sum in some fixed-point unit.
struct Cluster: Sendable {
    var count: Int64
    var sum: Int128
}

/// Exact sufficient statistics of a mean over clusters.
///
/// Formula and source: ``ScoreEstimate/standardError``.
struct ClusteredMean: Sendable, Equatable {
    /// n.
    private(set) var observations: Int64 = 0
    /// G, the clusters that have observations.
    private(set) var clusters: Int64 = 0
    /// T = Σ Sⱼ.
    private(set) var sum: Int128 = 0
    /// Σ (n·Sⱼ − nⱼ·T)².
    private(set) var residuals = SquareSum()
    /// Fixed-point units that make a billionth: a power of two, by which dividing is exact.
    private let fraction: Double

    /// - Parameter fraction: how many fixed-point units of the clusters' sums make a billionth; a power of two.
    init(_ all: some Collection<Cluster>, fraction: Int64 = 1) {
        self.fraction = Double(fraction)
        var largestCount: Int64 = 0
        var largestSum: UInt128 = 0
        for cluster in all where cluster.count > 0 {
            observations += cluster.count
            clusters += 1
            sum += cluster.sum
            largestCount = max(largestCount, cluster.count)
            largestSum = max(largestSum, cluster.sum.magnitude)
        }
        // Bits of a residual, each product's and one for their difference; of a square twice as many.
        let bits = 1 + max(observations.bits + largestSum.bits, largestCount.bits + sum.magnitude.bits)
        if bits < Int64.bitWidth - 1, 2 * bits + clusters.bits <= UInt128.bitWidth {
            let total = Int64(sum)
            var squares: UInt128 = 0
            for cluster in all where cluster.count > 0 {
                let residual = observations * Int64(cluster.sum) - cluster.count * total
                let square = residual.magnitude.multipliedFullWidth(by: residual.magnitude)
                squares += UInt128(square.high) << 64 | UInt128(square.low)
            }
            residuals.add(squares)
        } else {
            for cluster in all where cluster.count > 0 {
                residuals.add(squareOf: Int128(observations) * cluster.sum - Int128(cluster.count) * sum)
            }
        }
    }

    /// T in billionths, rounded to the nearest where the clusters' unit is finer.
    var billionths: Int128 {
        let divisor = Int128(fraction)
        return (sum + (sum < 0 ? -divisor : divisor) / 2) / divisor
    }

    /// T / n in the score's own unit, correctly rounded; `nil` without observations.
    func mean() -> Double? {
        guard observations > 0 else { return nil }
        return nearestRatio(sum, observations * Billionths.one) / fraction
    }

    /// √( G/(G−1) · Σ(n·Sⱼ − nⱼ·T)² ) / n² in the score's own unit; `nil` with fewer than two clusters.
    func standardError() -> Double? {
        guard clusters > 1 else { return nil }
        let n = Double(observations)
        let corrected = residuals.double * Double(clusters) / Double(clusters - 1)
        return corrected.squareRoot() / (n * n * Double(Billionths.one)) / fraction
    }
}

extension FixedWidthInteger {
    /// The bits of the magnitude.
    fileprivate var bits: Int { Magnitude.bitWidth - magnitude.leadingZeroBitCount }
}
