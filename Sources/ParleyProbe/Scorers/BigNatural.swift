// Whole numbers of any size, for exact comparison of what a model wrote with what a dataset says: 0.1 + 0.2 is 0.3
// here. Numbers have some hundreds of digits at most, so that the schoolbook methods are fast enough.

/// A whole number, zero or more, in digits of base 10⁹, the least first, without leading zeros.
struct BigNatural: Equatable, Comparable {
    private static let base: UInt64 = 1_000_000_000
    private var limbs: [UInt32]

    static let zero = BigNatural(limbs: [])
    static let one = BigNatural(limbs: [1])

    private init(limbs: [UInt32]) {
        self.limbs = limbs
        while self.limbs.last == 0 { self.limbs.removeLast() }
    }

    /// Reads ASCII digits; anything else counts as 0.
    init(digits: some Collection<UInt8>) {
        var limbs: [UInt32] = []
        var rest = Array(digits)[...]
        while !rest.isEmpty {
            let part = rest.suffix(9)
            limbs.append(part.reduce(0) { $0 * 10 + (48...57 ~= $1 ? UInt32($1 - 48) : 0) })
            rest = rest.dropLast(9)
        }
        self.init(limbs: limbs)
    }

    /// Ten to this power.
    static func power(ofTen exponent: Int) -> BigNatural {
        BigNatural(digits: [UInt8(ascii: "1")] + Array(repeating: UInt8(ascii: "0"), count: max(0, exponent)))
    }

    static func * (left: BigNatural, right: BigNatural) -> BigNatural {
        var product = [UInt32](repeating: 0, count: left.limbs.count + right.limbs.count + 1)
        for (i, a) in left.limbs.enumerated() {
            var carry: UInt64 = 0
            for (j, b) in right.limbs.enumerated() {
                let sum = UInt64(product[i + j]) + UInt64(a) * UInt64(b) + carry
                product[i + j] = UInt32(sum % base)
                carry = sum / base
            }
            product[i + right.limbs.count] += UInt32(carry)
        }
        return BigNatural(limbs: product)
    }

    static func + (left: BigNatural, right: BigNatural) -> BigNatural {
        var sum: [UInt32] = []
        var carry: UInt64 = 0
        for place in 0...max(left.limbs.count, right.limbs.count) {
            let total = UInt64(left.limb(place)) + UInt64(right.limb(place)) + carry
            sum.append(UInt32(total % base))
            carry = total / base
        }
        return BigNatural(limbs: sum)
    }

    /// The distance between two numbers.
    func distance(to other: BigNatural) -> BigNatural {
        let (large, small) = self < other ? (other, self) : (self, other)
        var difference: [UInt32] = []
        var borrow: Int64 = 0
        for place in large.limbs.indices {
            var total = Int64(large.limb(place)) - Int64(small.limb(place)) - borrow
            borrow = total < 0 ? 1 : 0
            if total < 0 { total += Int64(Self.base) }
            difference.append(UInt32(total))
        }
        return BigNatural(limbs: difference)
    }

    static func < (left: BigNatural, right: BigNatural) -> Bool {
        if left.limbs.count != right.limbs.count { return left.limbs.count < right.limbs.count }
        return left.limbs.reversed().lexicographicallyPrecedes(right.limbs.reversed())
    }

    private func limb(_ place: Int) -> UInt32 { place < limbs.count ? limbs[place] : 0 }
}
