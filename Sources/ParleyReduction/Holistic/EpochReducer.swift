// EpochReducer.swift: how the repetitions of a sample become one score.

/// What a sample's repetitions say together. Under any but ``mean`` every sample counts once, and the estimate is the
/// mean over samples.
///
/// The names are those of inspect_ai's epoch reducers; pass^k is from S. Yao and others, "τ-bench" (2024, arXiv
/// 2406.12045), pass@k from M. Chen and others, "Evaluating large language models trained on code" (2021, arXiv
/// 2107.03374). An observation succeeds when its score is at least 1. Of a sample's n observations, c succeed.
public enum EpochReducer: Sendable, Equatable {
    /// All observations, so that a sample with more of them weighs more.
    case mean
    /// The middle score, or the mean of the two middle ones.
    case median
    /// The score that occurs most often; of several, the one that the earliest epoch has.
    case mode
    /// The highest score.
    case max
    /// 1 when c ≥ k, else 0.
    case atLeast(Int)
    /// The probability that at least one of k observations succeeds: 1 − C(n−c, k) / C(n, k). A sample with fewer than
    /// k observations is left out.
    case passAt(Int)
    /// The probability that all of k observations succeed: C(c, k) / C(n, k). A sample with fewer than k observations
    /// is left out.
    case passHat(Int)
    /// The mean of the lowest p per cent of the n scores, 1 ≤ p ≤ 99: of ⌈p · n / 100⌉ of them, so at least one.
    ///
    /// With 10 it is "goodness@0.1": how a sample fares under the worst tenth of its variations, each of which is an
    /// epoch. Source: A. Souly and others, "A StrongREJECT for empty jailbreaks" (2024, arXiv 2402.10260), for the
    /// score; R. Rockafellar and S. Uryasev, "Optimization of conditional value-at-risk" (2000), for the tail mean.
    case worst(Int)
}

extension EpochReducer {
    /// The score of one sample in billionths · 2⁻²⁴, or `nil` when it cannot be had from these.
    ///
    /// - Parameter scores: in billionths, in the order of the epochs; not empty.
    func reduce(_ scores: [Int64]) -> Int128? {
        switch self {
        case .mean:
            return Self.scaled(scores.reduce(0) { $0 + Int128($1) }) / Int128(scores.count)
        case .median:
            let sorted = scores.sorted()
            let middle = sorted.count / 2
            guard sorted.count % 2 == 0 else { return Self.scaled(Int128(sorted[middle])) }
            return Self.scaled(Int128(sorted[middle - 1]) + Int128(sorted[middle])) / 2
        case .mode:
            var counts: [Int64: Int] = [:]
            for score in scores { counts[score, default: 0] += 1 }
            let most = counts.values.max()
            return scores.first { counts[$0] == most }.map { Self.scaled(Int128($0)) }
        case .max:
            return scores.max().map { Self.scaled(Int128($0)) }
        case .atLeast(let k):
            return Self.successes(scores) >= k ? SharedSamples.one : 0
        case .passAt(let k):
            let failures = scores.count - Self.successes(scores)
            return Self.shareOfDraws(of: k, among: failures, outOf: scores.count).map { SharedSamples.one - $0 }
        case .passHat(let k):
            return Self.shareOfDraws(of: k, among: Self.successes(scores), outOf: scores.count)
        case .worst(let percent):
            precondition((1...99).contains(percent), "a tail is 1 to 99 per cent, not \(percent)")
            let tail = scores.sorted().prefix((scores.count * percent + 99) / 100)
            return Self.scaled(tail.reduce(0) { $0 + Int128($1) }) / Int128(tail.count)
        }
    }

    private static func scaled(_ billionths: Int128) -> Int128 { billionths * Int128(SharedSamples.fraction) }

    private static func successes(_ scores: [Int64]) -> Int { scores.count { $0 >= Billionths.one } }

    /// C(m, k) / C(n, k), as the product of (m − i) / (n − i): 0 when m < k, `nil` when n < k.
    private static func shareOfDraws(of k: Int, among m: Int, outOf n: Int) -> Int128? {
        guard n >= k else { return nil }
        guard m >= k else { return 0 }
        guard m < n else { return SharedSamples.one }
        var share = 1.0
        for index in 0..<k { share = share * Double(m - index) / Double(n - index) }
        return Int128(share * Double(SharedSamples.one))
    }
}
