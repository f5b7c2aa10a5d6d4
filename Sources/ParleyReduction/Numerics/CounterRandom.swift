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

    /// A whole number below `limit`, every one equally likely, from 32 random bits; `nil` when the bits are among the
    /// fewer than `limit` of 2³² that would make some likelier than others.
    ///
    /// Source: D. Lemire, "Fast random integer generation in an interval", ACM TOMACS 29 (2019).
    @inline(__always)
    static func index(_ bits: UInt32, below limit: UInt32, threshold: UInt32) -> Int? {
        let product = UInt64(bits) &* UInt64(limit)
        return UInt32(truncatingIfNeeded: product) < threshold ? nil : Int(product >> 32)
    }

    /// 2³² mod `limit`: how many values of 32 bits are one too many.
    static func threshold(_ limit: UInt32) -> UInt32 { (0 &- limit) % limit }
}
