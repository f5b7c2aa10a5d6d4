// A shuffle that is the same everywhere and for ever: SplitMix64 and Fisher–Yates, written out here because the
// standard library's algorithms may change between versions, and a frozen round's order may not.

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
struct SplitMix64 {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number below `bound`, each equally likely: the high half of a product, with the few values thrown away that
    /// would favour some (Lemire: Fast random integer generation in an interval, 2019).
    mutating func next(below bound: UInt64) -> UInt64 {
        precondition(bound > 0, "there is no number below 0")
        let threshold = (0 &- bound) % bound
        while true {
            let product = next().multipliedFullWidth(by: bound)
            if product.low >= threshold { return product.high }
        }
    }
}

extension Array {
    /// Puts the elements into an order that depends on nothing but their number and the seed.
    mutating func shuffle(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        for last in stride(from: count - 1, to: 0, by: -1) {
            swapAt(last, Int(generator.next(below: UInt64(last + 1))))
        }
    }
}
