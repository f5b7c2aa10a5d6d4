// LatencyQuantiles.swift: exact order statistics of a cell's latencies.

/// Quantiles of the latency of a cell's outcomes, in microseconds.
///
/// Nearest-rank definition: the p-quantile of n values is the ⌈p·n⌉-th smallest, always a latency that occurred, with
/// nothing interpolated (definition 1 of Hyndman and Fan, "Sample quantiles in statistical packages", 1996). Outcomes
/// of the kind `failed` are left out: their time is that of our retries.
public struct LatencyQuantiles: Sendable, Equatable {
    /// n, the number of latencies.
    public var count: Int64
    /// The median.
    public var p50: Int64
    /// The 95th percentile.
    public var p95: Int64
    /// The 99th percentile.
    public var p99: Int64

    /// Makes quantiles, in microseconds.
    public init(count: Int64, p50: Int64, p95: Int64, p99: Int64) {
        self.count = count
        self.p50 = p50
        self.p95 = p95
        self.p99 = p99
    }
}

extension LatencyQuantiles {
    /// The percents of the three quantiles.
    static let percents = [50, 95, 99]

    /// The rank of a quantile among so many values, from 1: ⌈percent · count / 100⌉, by whole numbers.
    static func rank(percent: Int, count: Int) -> Int { (percent * count + 99) / 100 }

    /// Chooses the quantiles of some latencies; `nil` without any.
    init?(of latencies: [Int64]) {
        guard !latencies.isEmpty else { return nil }
        let found = Self.percents.map { percent in
            nthSmallest(of: latencies, rank: Self.rank(percent: percent, count: latencies.count))
        }
        self.init(count: Int64(latencies.count), p50: found[0], p95: found[1], p99: found[2])
    }
}
