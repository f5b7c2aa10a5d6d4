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
