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

    /// The quantiles of the values, or `nil` when there is none.
    init?(of values: [Int64]) {
        guard !values.isEmpty else { return nil }
        let count = values.count
        func quantile(percent: Int) -> Int64 {
            // The rank ⌈percent · n / 100⌉, counted from 1, by whole numbers.
            nthSmallest(of: values, rank: (percent * count + 99) / 100)
        }
        self.init(
            count: Int64(count),
            p50: quantile(percent: 50),
            p95: quantile(percent: 95),
            p99: quantile(percent: 99)
        )
    }
}
