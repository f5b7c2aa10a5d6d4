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

    init(_ all: some Collection<Cluster>) {
        for cluster in all where cluster.count > 0 {
            observations += cluster.count
            clusters += 1
            sum += cluster.sum
        }
        for cluster in all where cluster.count > 0 {
            residuals.add(squareOf: Int128(observations) * cluster.sum - Int128(cluster.count) * sum)
        }
    }

    /// T / n in whole units, correctly rounded; `nil` without observations.
    ///
    /// - Parameter unit: how many fixed-point units make 1.
    func mean(unit: Int64) -> Double? {
        guard observations > 0 else { return nil }
        return nearestRatio(sum, observations * unit)
    }

    /// √( G/(G−1) · Σ(n·Sⱼ − nⱼ·T)² ) / n² in whole units; `nil` with fewer than two clusters.
    ///
    /// - Parameter unit: how many fixed-point units make 1.
    func standardError(unit: Int64) -> Double? {
        guard clusters > 1 else { return nil }
        let n = Double(observations)
        let corrected = residuals.double * Double(clusters) / Double(clusters - 1)
        return corrected.squareRoot() / (n * n * Double(unit))
    }
}
