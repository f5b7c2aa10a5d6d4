// Inspect's metrics, computed as inspect_ai 0.3.285 does: scores of a sample's epochs are reduced to one, then averaged
// over samples. For headers that we write, and for holding a log's printed results against its samples. Our own findings
// come from the reduction; where no epoch is missing, both say the same.

public import ParleyModel

/// The scores of one scorer of one log.
public struct InspectScores: Sendable {
    private struct Entry {
        var sample: Int
        var epoch: Int
        /// NaN where there is none.
        var value: Double
    }

    private var entries: [Entry] = []
    private var clusters: [Int: [String: JSONValue]] = [:]

    public init() {}

    /// Takes the score of a sample's epoch; nil where it is unscored.
    public mutating func add(sample: Int, epoch: Int, value: Double?) {
        entries.append(Entry(sample: sample, epoch: epoch, value: value ?? .nan))
    }

    /// Takes those metadata of a sample by which errors are clustered.
    mutating func note(metadata: [String: JSONValue], of sample: Int) { clusters[sample] = metadata }

    /// One score a sample, in the order of the samples; NaN where it has none.
    public func reduced(by reducer: EpochReducer) -> [(sample: Int, value: Double)] {
        let sorted = entries.sorted { ($0.sample, $0.epoch) < ($1.sample, $1.epoch) }
        var reduced: [(sample: Int, value: Double)] = []
        var start = 0
        while start < sorted.count {
            var end = start
            while end < sorted.count, sorted[end].sample == sorted[start].sample { end += 1 }
            let values = sorted[start..<end].map(\.value).filter { !$0.isNaN }
            reduced.append((sorted[start].sample, values.isEmpty ? .nan : reducer.reduce(values)))
            start = end
        }
        return reduced
    }

    /// A metric over what is scored; nil for one that is not known here.
    public func metric(_ name: String, over reduced: [(sample: Int, value: Double)], cluster: String? = nil) -> Double?
    {
        let scored = reduced.filter { !$0.value.isNaN }
        let values = scored.map(\.value)
        let count = Double(values.count)
        let mean = values.isEmpty ? 0 : values.reduce(0, +) / count
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let variance = values.count < 2 ? 0 : squares / (count - 1)
        switch name {
        case "accuracy", "mean": return mean
        case "var": return variance
        case "std": return variance.squareRoot()
        case "stderr":
            guard let cluster else { return values.isEmpty ? 0 : variance.squareRoot() / count.squareRoot() }
            return clusteredError(scored, mean: mean, cluster: cluster)
        default: return nil
        }
    }

    /// √( G/(G−1) · Σ (Σ (xᵢ − x̄))² ) / n: E. Miller, "Adding error bars to evals" (2024, arXiv 2411.00640), Appendix A,
    /// with Inspect's correction for few clusters. nil where a sample has no such metadatum.
    private func clusteredError(_ scored: [(sample: Int, value: Double)], mean: Double, cluster: String) -> Double? {
        var sums: [JSONValue: Double] = [:]
        for (sample, value) in scored {
            guard let name = clusters[sample]?[cluster], !name.isNull else { return nil }
            sums[name, default: 0] += value - mean
        }
        guard sums.count > 1 else { return 0 }
        let groups = Double(sums.count)
        // Summed in order of size, so that no order of a dictionary shows.
        let squares = sums.values.map { $0 * $0 }.sorted().reduce(0, +)
        return (squares * groups / (groups - 1)).squareRoot() / Double(scored.count)
    }
}

extension EpochReducer {
    /// Inspect's name; ours where it has none of the kind.
    var inspectName: String {
        if case .passHat(let count) = self { return "pass_k_\(count)" }
        return description
    }

    /// The reducer of Inspect's name; nil for one that we do not have.
    init?(inspectName: String) {
        let own = inspectName.hasPrefix("pass_k_") ? "pass_hat_" + inspectName.dropFirst(7) : inspectName
        self.init(own)
    }

    /// Whether Inspect has a reducer that does the same.
    var isInspects: Bool { if case .worst = self { false } else { true } }

    /// The score of a sample's epochs, in their order; not empty. NaN with fewer epochs than the reducer needs.
    fileprivate func reduce(_ values: [Double]) -> Double {
        let count = values.count
        let successes = values.count { $0 >= 1 }
        func share(of k: Int, among some: Int) -> Double {
            if some < k { return 0 }
            return (0..<k).reduce(1.0) { $0 * Double(some - $1) / Double(count - $1) }
        }
        switch self {
        case .mean: return values.reduce(0, +) / Double(count)
        case .median:
            let sorted = values.sorted()
            return count % 2 == 1 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2
        case .mode:
            var counts: [Double: Int] = [:]
            for value in values { counts[value, default: 0] += 1 }
            let most = counts.values.max()
            return values.first { counts[$0] == most } ?? .nan
        case .max: return values.max() ?? .nan
        case .atLeast(let k): return successes >= k ? 1 : 0
        case .passAt(let k): return count < k ? .nan : 1 - share(of: k, among: count - successes)
        case .passHat(let k): return count < k ? .nan : share(of: k, among: successes)
        case .worst(let percent):
            let tail = values.sorted().prefix((count * percent + 99) / 100)
            return tail.reduce(0, +) / Double(tail.count)
        }
    }
}
