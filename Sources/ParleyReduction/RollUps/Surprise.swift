// Surprise.swift: what lies far from what its like would make one expect. It is a list of questions to look into, with
// transcripts in hand, and no list of findings: of many, some lie far by chance.

/// How far an estimate lies from those of its like.
///
/// z = (y − μ) / √(s² + τ² + SE(μ)²), where μ, τ² and SE(μ) are the random-effects estimates of ``RandomEffects`` over
/// the others alone: the externally studentised residual. The error of μ is part of it because with few others μ is
/// hardly known. Source: W. Viechtbauer and M. Cheung, "Outlier and influence diagnostics for meta-analysis", Research
/// Synthesis Methods 1 (2010).
public struct Surprise: Sendable, Equatable {
    /// What lies far.
    public enum Subject: Sendable, Equatable {
        /// A comparison, by its place in ``Reduction/comparisons``; its like are the comparisons of the same two
        /// configurations on other suites.
        case comparison(Int)
        /// A cell, by its index; its like are the other cells of its suite.
        case cell(Int)
    }

    /// Others that must be there, since the scatter between them is estimated.
    public static let fewestOthers = 2

    /// What lies far.
    public var subject: Subject
    /// y, of a comparison its difference.
    public var estimate: Double
    /// μ.
    public var expected: Double
    /// √(s² + τ² + SE(μ)²).
    public var spread: Double
    /// How many others there are.
    public var others: Int
    /// (y − μ) / spread.
    public var z: Double

    init(_ subject: Subject, _ effect: Effect, others: [Effect]) {
        guard let pool = RandomEffectsPool(others) else { preconditionFailure("a surprise has others") }
        let variance = effect.standardError * effect.standardError + pool.tauSquared + pool.variance
        self.subject = subject
        estimate = effect.estimate
        expected = pool.mean
        spread = variance.squareRoot()
        self.others = others.count
        z = (effect.estimate - pool.mean) / spread
    }
}

extension Reduction {
    /// How far every comparison and every cell lies from its like: first the comparisons, then the cells, each in its
    /// own order.
    ///
    /// Left out are those whose error is unknown and those with fewer than ``Surprise/fewestOthers`` others; and of the
    /// comparisons those on suites whose scores can lie outside 0 to 1, since their differences have another unit.
    ///
    /// - Parameter places: by cell index.
    public func surprises(places: [CellPlace]) -> [Surprise] {
        let compared = comparisons.indices.map { index -> Candidate? in
            let pair = comparisons[index].pair
            let (first, second) = (places[pair.first], places[pair.second])
            guard first.hasUnitScores, second.hasUnitScores, let effect = Effect(comparisons[index]) else { return nil }
            return Candidate(.comparison(index), effect, first.configuration, second.configuration)
        }
        let cells = findings.indices.map { cell -> Candidate? in
            Effect(findings[cell].score).map { Candidate(.cell(cell), $0, places[cell].suite, nil) }
        }
        return [compared, cells].flatMap { Self.surprises($0.compactMap { $0 }) }
    }

    private static func surprises(_ candidates: [Candidate]) -> [Surprise] {
        let groups = Dictionary(grouping: candidates.indices) { candidates[$0].like }
        return candidates.indices.compactMap { index in
            let candidate = candidates[index]
            let others = groups[candidate.like, default: []].filter { $0 != index }
            guard others.count >= Surprise.fewestOthers else { return nil }
            return Surprise(candidate, others: others.map { candidates[$0] })
        }
    }
}

extension Surprise {
    fileprivate init(_ candidate: Candidate, others: [Candidate]) {
        self.init(
            candidate.subject,
            candidate.effect,
            others: others.map { other in
                guard other.isReversed != candidate.isReversed else { return other.effect }
                return Effect(estimate: -other.effect.estimate, standardError: other.effect.standardError)
            }
        )
    }
}

/// A cell or a comparison that may lie far from its like.
private struct Candidate {
    let subject: Surprise.Subject
    let effect: Effect
    /// What its like share: the lower number, and the higher one of a comparison.
    let like: [Int]
    /// Whether a comparison subtracts the lower number from the higher one.
    let isReversed: Bool

    init(_ subject: Surprise.Subject, _ effect: Effect, _ first: Int, _ second: Int?) {
        self.subject = subject
        self.effect = effect
        like = [first, second].compactMap { $0 }.sorted()
        isReversed = second.map { $0 < first } ?? false
    }
}
