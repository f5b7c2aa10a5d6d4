// CounterRandom.swift: random numbers by position: the k-th word of a seed can be had without those before it, so that
// threads can share a sequence in any way and the result is that of one.
// Source: G. Steele, D. Lea and C. Flood, "Fast splittable pseudorandom number generators" (2014): SplitMix64, whose
// state is a counter. Its output function is a bijection with the avalanche of MurmurHash3's finalizer.

/// A sequence of 64-bit words, by position.
struct CounterRandom: Sendable {
    private let start: UInt64

    /// Sequences of different seeds start at unrelated places of one period of 2⁶⁴.
    init(seed: UInt64) { start = Self.mix(seed ^ 0x5851_F42D_4C95_7F2D) }

    /// The word at a position.
    @inline(__always)
    func word(_ position: UInt64) -> UInt64 {
        Self.mix(start &+ (position &+ 1) &* 0x9E37_79B9_7F4A_7C15)
    }

    @inline(__always)
    static func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
