// SharedSamples.swift: the samples that two cells both observed, and their differences.
// Means over epochs are ratios; they become fixed-point numbers of 10⁻⁹ · 2⁻²⁴, each rounded once, so that everything
// after is exact again. The rounding is below 3.1·10⁻¹⁷ a sample, and nothing where a sample has one epoch.

/// Two cells of a state of sample sums, paired by sample.
struct SharedSamples: Sendable {
    /// Fixed-point units that make a billionth.
    static let fraction: Int64 = 1 << 24

    /// Sample means of the shared samples, by ascending sample id.
    private(set) var first: [Cluster] = []
    private(set) var second: [Cluster] = []
    /// First minus second.
    private(set) var differences: [Cluster] = []
    private(set) var onlyInFirst: Int64 = 0
    private(set) var onlyInSecond: Int64 = 0
    /// Shared samples with one observation of 0 or 1 on either side.
    private(set) var binaryPairs: Int64 = 0
    /// Of those, the ones in which the first alone, or the second alone, has 1.
    private(set) var firstOnly: Int64 = 0
    private(set) var secondOnly: Int64 = 0

    init(_ state: SampleSums.State, layout: ClusterLayout, pair: CellPair) {
        var sharedInSecond: Int64 = 0
        for slot in layout.slots(of: pair.first) where state.count(slot) > 0 {
            let sample = layout.sample(cell: pair.first, slot: slot)
            guard let other = layout.slotIfPresent(cell: pair.second, sample: sample), state.count(other) > 0 else {
                onlyInFirst += 1
                continue
            }
            sharedInSecond += 1
            append(
                count: Int128(state.count(slot)),
                sum: Int128(state.sum(slot)),
                otherCount: Int128(state.count(other)),
                otherSum: Int128(state.sum(other))
            )
        }
        for slot in layout.slots(of: pair.second) where state.count(slot) > 0 { onlyInSecond += 1 }
        onlyInSecond -= sharedInSecond
    }

    private mutating func append(count: Int128, sum: Int128, otherCount: Int128, otherSum: Int128) {
        first.append(Cluster(count: 1, sum: Self.scaledRatio(sum, count)))
        second.append(Cluster(count: 1, sum: Self.scaledRatio(otherSum, otherCount)))
        let difference = Self.scaledRatio(sum * otherCount - otherSum * count, count * otherCount)
        differences.append(Cluster(count: 1, sum: difference))
        let one = Int128(Billionths.one)
        if count == 1, otherCount == 1, sum == 0 || sum == one, otherSum == 0 || otherSum == one {
            binaryPairs += 1
            if sum > otherSum { firstOnly += 1 }
            if otherSum > sum { secondOnly += 1 }
        }
    }

    /// numerator / denominator in fixed-point units, halves away from zero, so that a swapped pair is the negative.
    private static func scaledRatio(_ numerator: Int128, _ denominator: Int128) -> Int128 {
        let scaled = 2 * numerator * Int128(fraction)
        return (scaled + (scaled < 0 ? -denominator : denominator)) / (2 * denominator)
    }
}
