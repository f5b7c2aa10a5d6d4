// How a round's samples are ordered. What is agreed is frozen with the round: either the order follows from a sealed
// seed, which nobody could choose after having seen results and nobody could work out before it was opened, or, where
// no seed was agreed, from the definition's hash. A definition without it runs samples as its datasets have them.

/// How the order of samples is drawn.
public struct SampleOrder: Hashable, Sendable, Codable {
    /// The commitment to the round's sealed seed (`SealedSeed` in ParleyEvidence); nil where the order follows from the
    /// definition's hash.
    public var seed: ContentHash?

    public init(seed: ContentHash? = nil) { self.seed = seed }

    /// The most jobs by which one cell of a suite runs ahead of the others, where limits allow: a tenth of the samples,
    /// from 1 to 62, which is the most that one claim of a stream takes at once.
    public static func block(samples: Int) -> Int { min(62, max(1, samples / 10)) }
}

extension RoundDefinition {
    /// The commitment to the round's one sealed seed; nil where it has none.
    public var sealedSeed: ContentHash? { audit?.seed ?? order?.seed }
}
