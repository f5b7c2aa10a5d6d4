// SignFlipSums.swift: sums of whole numbers under random signs, at the speed of the nearest cache.
// Eight numbers have 256 sums, one for each choice of their signs; they stand in a table, so that a byte of random bits
// is one look-up. Draws are added in batches, word by word of their bits: the eight tables that a word needs and the
// sums of a batch stay in the nearest cache. Every sum is exact.

/// Numbers whose signs are drawn.
struct SignFlipSums<Number: FixedWidthInteger & SignedInteger & Sendable>: Sendable {
    /// Draws that are added at once.
    private static var batch: Int { 512 }
    private static var numbersPerTable: Int { 8 }
    private static var tableSize: Int { 256 }
    private static var tablesPerWord: Int { UInt64.bitWidth / 8 }

    private let count: Int
    /// 64-bit words of random bits that a draw takes.
    private let words: Int
    /// 256 sums for every eight numbers: a bit that is set takes its number as it is, one that is not takes its negative.
    private let tables: [Number]

    /// - Parameter numbers: the sum of their magnitudes must fit the type.
    init(_ numbers: [Number]) {
        count = numbers.count
        words = (numbers.count + UInt64.bitWidth - 1) / UInt64.bitWidth
        var tables = [Number](repeating: 0, count: words * Self.tablesPerWord * Self.tableSize)
        for table in 0..<words * Self.tablesPerWord {
            let base = table * Self.tableSize
            for bit in 0..<Self.numbersPerTable {
                let index = table * Self.numbersPerTable + bit
                Self.double(&tables, base, size: 1 << bit, by: index < count ? numbers[index] : 0)
            }
        }
        self.tables = tables
    }

    /// Doubles the part of a table that stands: first with the number's negative, then with the number itself.
    private static func double(_ tables: inout [Number], _ base: Int, size: Int, by number: Number) {
        for index in base..<base + size {
            let sum = tables[index]
            tables[index] = sum - number
            tables[index + size] = sum + number
        }
    }

    /// How many of so many draws have a sum whose magnitude is the threshold or more.
    func countReaching(_ threshold: Number, draws: Int, seed: UInt64) -> Int {
        let random = CounterRandom(seed: seed)
        var reached = 0
        for first in stride(from: 0, to: draws, by: Self.batch) {
            var sums = [Number](repeating: 0, count: min(Self.batch, draws - first))
            for word in 0..<words { add(word, to: &sums, firstDraw: first, random) }
            reached += sums.count { $0.magnitude >= threshold.magnitude }
        }
        return reached
    }

    /// The same over all choices of the signs of at most 16 numbers.
    func countReachingOfAll(_ threshold: Number) -> Int {
        precondition(count <= 2 * Self.numbersPerTable, "2¹⁶ sums are the most that are enumerated")
        guard count > 0 else { return threshold <= 0 ? 1 : 0 }
        return (0..<1 << count).count { signs in
            let sum = tables[signs % Self.tableSize] + tables[Self.tableSize + signs / Self.tableSize]
            return sum.magnitude >= threshold.magnitude
        }
    }

    /// Adds what one word of each draw's signs comes to.
    private func add(_ word: Int, to sums: inout [Number], firstDraw: Int, _ random: CounterRandom) {
        let base = word * Self.tablesPerWord * Self.tableSize
        precondition(base + Self.tablesPerWord * Self.tableSize <= tables.count, "a word of these numbers")
        let tables = tables.span
        let stride = UInt64(words)
        var position = UInt64(firstDraw) &* stride &+ UInt64(word)
        var sums = sums.mutableSpan
        for draw in 0..<sums.count {
            let signs = random.word(position)
            position &+= stride
            let low = Self.sum(tables, base, signs)
            let high = Self.sum(tables, base &+ 4 &* Self.tableSize, signs &>> 32)
            sums[draw] &+= low &+ high
        }
    }

    /// What the lowest 32 signs come to, by the four tables from `base`.
    @inline(__always)
    private static func sum(_ tables: borrowing Span<Number>, _ base: Int, _ signs: UInt64) -> Number {
        // Unchecked: a byte indexes a table of 256, and the caller checked that the tables are there.
        let first = unsafe tables[unchecked: base &+ Int(truncatingIfNeeded: signs & 0xFF)]
        let second = unsafe tables[unchecked: base &+ 256 &+ Int(truncatingIfNeeded: signs &>> 8 & 0xFF)]
        let third = unsafe tables[unchecked: base &+ 512 &+ Int(truncatingIfNeeded: signs &>> 16 & 0xFF)]
        let fourth = unsafe tables[unchecked: base &+ 768 &+ Int(truncatingIfNeeded: signs &>> 24 & 0xFF)]
        return (first &+ second) &+ (third &+ fourth)
    }
}
