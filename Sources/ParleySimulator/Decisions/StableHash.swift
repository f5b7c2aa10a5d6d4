// The simulator's own hash and mixer. Everything that it decides is drawn from them, so they are the same in every
// process and on every machine, unlike Swift's seeded Hasher. FNV-1a (Fowler, Noll, Vo; 64 bits) takes the bytes,
// the finaliser of SplitMix64 (Steele, Lea, Flood 2014) spreads them over all bits.

/// A running FNV-1a hash over bytes.
struct StableHash {
    private(set) var state: UInt64 = 0xcbf2_9ce4_8422_2325

    @inline(__always)
    mutating func combine(_ byte: UInt8) {
        state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }

    mutating func combine(_ text: String) {
        var hash = self
        let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { bytes in
            for byte in bytes { hash.combine(byte) }
        }
        if isDone == nil {
            for byte in text.utf8 { hash.combine(byte) }
        }
        self = hash
    }

    mutating func combine(_ number: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) { combine(UInt8(truncatingIfNeeded: number >> shift)) }
    }

    /// The hash, spread over all 64 bits.
    var value: UInt64 { Self.mix(state) }

    /// The hash of one text.
    static func of(_ text: String) -> UInt64 {
        var hash = StableHash()
        hash.combine(text)
        return hash.value
    }

    /// The finaliser of SplitMix64: a bijection in which each bit of the input changes half of the output.
    static func mix(_ number: UInt64) -> UInt64 {
        var mixed = number &+ 0x9e37_79b9_7f4a_7c15
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

/// What a number is drawn for. Each draw of one request is independent of its others.
enum Draw: UInt64 {
    case accuracy = 1
    case refusal
    case filter
    case truncation
    case latency
    case fault
    case letter
    case identity
    case sabotage
    case honesty
    case toolError
    case toolErrorKind

    /// A uniform 64-bit number, the same for the same request.
    func callAsFunction(_ base: UInt64, round: UInt64 = 0) -> UInt64 {
        StableHash.mix(base ^ StableHash.mix(rawValue << 32 ^ round))
    }
}

/// The chance of something, as the bound below which a uniform 64-bit draw counts.
struct Chance: Sendable {
    private let bound: UInt64
    private let isCertain: Bool

    /// Rates beyond 0 to 1 are cut to it.
    init(_ rate: Double) {
        isCertain = rate >= 1
        bound = rate > 0 && rate < 1 ? UInt64(rate * 18_446_744_073_709_551_616.0) : 0
    }

    func holds(_ draw: UInt64) -> Bool { isCertain || draw < bound }
}
