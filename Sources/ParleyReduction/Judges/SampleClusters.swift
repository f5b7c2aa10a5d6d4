// SampleClusters.swift: observations that come sample by sample, gathered into one cluster a sample.

/// The clusters of the samples that were added, in their order.
struct SampleClusters: Sendable {
    private(set) var clusters: [Cluster] = []
    private var last: Int32?

    /// Adds an observation, in billionths. All of a sample's must come one after the other.
    mutating func add(_ billionths: Int64, of sample: Int32) {
        if last != sample { clusters.append(Cluster(count: 0, sum: 0)) }
        last = sample
        clusters[clusters.count - 1].count += 1
        clusters[clusters.count - 1].sum += Int128(billionths)
    }
}

extension Cluster {
    /// One observation in the unit of ``SharedSamples/fraction``: the mean of this cluster's, which are billionths.
    var meanOfOne: Cluster { Cluster(count: 1, sum: SharedSamples.scaledRatio(sum, Int128(count))) }
}
