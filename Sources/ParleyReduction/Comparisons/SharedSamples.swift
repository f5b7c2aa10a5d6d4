// SharedSamples.swift: the samples that two cells both observed, and their differences.
// Means over epochs are ratios; they become fixed-point numbers of 10⁻⁹ · 2⁻²⁴, each rounded once, so that everything
// after is exact again. The rounding is below 3.1·10⁻¹⁷ a sample, and nothing where a sample has one epoch.

/// Two cells of a state of sample sums, paired by sample.
struct SharedSamples: Sendable {
    /// Fixed-point units that make a billionth.
    static let fraction: Int64 = 1 << 24
    /// A score of 1 in fixed-point units.
    static let one = Int128(Billionths.one) * Int128(fraction)

    /// Sample means of the shared samples, by ascending sample id.
    private(set) var first: [Cluster] = []
    private(set) var second: [Cluster] = []
    /// First minus second.
    private(set) var differences: [Cluster] = []
    private(set) var onlyInFirst: Int64 = 0
    private(set) var onlyInSecond: Int64 = 0
    /// Shared samples with one observation, or one reduced score, of 0 or 1 on either side.
    private(set) var binaryPairs: Int64 = 0
    /// Of those, the ones in which the first alone, or the second alone, has 1.
    private(set) var firstOnly: Int64 = 0
    private(set) var secondOnly: Int64 = 0

    init(_ state: SampleSums.State, layout: ClusterLayout, epochs: EpochReduction, pair: CellPair) {
        func score(_ slot: Int, of cell: Int) -> SampleScore? {
            guard epochs.isReduced(cell) else { return SampleScore(state.cluster(slot)) }
            return epochs.score(slot).map(SampleScore.init(reduced:))
        }
        var sharedInSecond: Int64 = 0
        for slot in layout.slots(of: pair.first) {
            guard let own = score(slot, of: pair.first) else { continue }
            let sample = layout.sample(cell: pair.first, slot: slot)
            guard let otherSlot = layout.slotIfPresent(cell: pair.second, sample: sample),
                let other = score(otherSlot, of: pair.second)
            else {
                onlyInFirst += 1
                continue
            }
            sharedInSecond += 1
            append(own, other)
        }
        for slot in layout.slots(of: pair.second) where score(slot, of: pair.second) != nil { onlyInSecond += 1 }
        onlyInSecond -= sharedInSecond
    }

    private mutating func append(_ own: SampleScore, _ other: SampleScore) {
        first.append(Cluster(count: 1, sum: Self.scaledRatio(own.sum, own.count)))
        second.append(Cluster(count: 1, sum: Self.scaledRatio(other.sum, other.count)))
        let numerator = own.sum * other.count - other.sum * own.count
        differences.append(Cluster(count: 1, sum: Self.scaledRatio(numerator, own.count * other.count)))
        if own.isBinary, other.isBinary {
            binaryPairs += 1
            if numerator > 0 { firstOnly += 1 }
            if numerator < 0 { secondOnly += 1 }
        }
    }

    /// numerator / denominator in fixed-point units, halves away from zero, so that a swapped pair is the negative.
    static func scaledRatio(_ numerator: Int128, _ denominator: Int128) -> Int128 {
        let scaled = 2 * numerator * Int128(fraction)
        return (scaled + (scaled < 0 ? -denominator : denominator)) / (2 * denominator)
    }
}

/// The score of one sample in one cell, sum / count billionths.
private struct SampleScore {
    var sum: Int128
    var count: Int128
    /// Whether it is one whole score of 0 or 1.
    var isBinary: Bool

    /// The mean over the epochs, or `nil` without any.
    init?(_ epochs: Cluster) {
        guard epochs.count > 0 else { return nil }
        sum = epochs.sum
        count = Int128(epochs.count)
        isBinary = epochs.count == 1 && (sum == 0 || sum == Int128(Billionths.one))
    }

    /// A reduced score, in billionths · 2⁻²⁴.
    init(reduced: Int128) {
        sum = reduced
        count = Int128(SharedSamples.fraction)
        isBinary = reduced == 0 || reduced == SharedSamples.one
    }
}
