// BootstrapDraws.swift: which samples each resample holds, and sums over them at the speed of the nearest cache.
// A draw is k random bits that index a table of 2ᵏ places. Every sample has equally many places; those left over are
// rejected and drawn again, so that all samples are exactly equally likely. What is rejected is counted in the sum.

/// Draws of whole samples with replacement, by resample.
struct BootstrapDraws: Sendable {
    private let random: CounterRandom
    private let limit: Int
    /// k.
    private let bits: Int
    /// Places of each sample.
    private let places: Int
    private let perWord: Int
    /// Words that a resample has for itself: what its draws need and as many again for those that are rejected.
    private let stride: UInt64

    /// - Parameter limit: the number of samples, of which each resample draws as many; 1 to 2³⁰.
    init(limit: Int, seed: UInt64) {
        precondition(limit > 0 && limit <= 1 << 30, "a bootstrap draws from 1 to 2³⁰ samples")
        random = CounterRandom(seed: seed)
        self.limit = limit
        // The k with the least work for an accepted draw: a look-up each, and twice as much for a word of random bits.
        let least = Int.bitWidth - (limit - 1).leadingZeroBitCount
        bits = (max(1, least)...max(1, least) + 3).min { Self.work(bits: $0, limit) < Self.work(bits: $1, limit) } ?? 1
        places = (1 << bits) / limit
        perWord = UInt64.bitWidth / bits
        stride = UInt64(2 * (limit / perWord + 16))
    }

    /// The work of an accepted draw, in look-ups.
    private static func work(bits: Int, _ limit: Int) -> Double {
        let accepted = Double((1 << bits) / limit * limit) / Double(1 << bits)
        return (1 + 2 / Double(UInt64.bitWidth / bits)) / accepted
    }

    /// The table of 2ᵏ places.
    func table(_ values: [Int64], rejected: Int64) -> [Int64] {
        var table: [Int64] = []
        table.reserveCapacity(1 << bits)
        for value in values { for _ in 0..<places { table.append(value) } }
        while table.count < 1 << bits { table.append(rejected) }
        return table
    }

    /// The sum over a resample of a table whose rejected places add 1 under the mask, under which it is 0 in the end.
    func sum(_ table: [Int64], rejectMask: Int64, resample: Int) -> Int64 {
        precondition(table.count == 1 << bits, "the table of these draws")
        let table = table.span
        let mask = UInt64(1) << UInt64(bits) - 1
        let shift = UInt64(bits)
        var position = UInt64(resample) &* stride
        var total: Int64 = 0
        var wanted = limit
        while wanted > 0 {
            let words = wanted / perWord
            // With a number that the compiler knows, the loop over a word's draws is none.
            switch perWord {
            case 7: total &+= add(words, of: 7, table, from: position)
            case 6: total &+= add(words, of: 6, table, from: position)
            case 5: total &+= add(words, of: 5, table, from: position)
            default: total &+= add(words, of: perWord, table, from: position)
            }
            position &+= UInt64(words)
            if wanted > words * perWord {
                var word = random.word(position)
                position &+= 1
                for _ in words * perWord..<wanted {
                    total &+= table[Int(truncatingIfNeeded: word & mask)]
                    word &>>= shift
                }
            }
            let rejected = total & rejectMask
            total &-= rejected
            wanted = Int(rejected)
        }
        return total
    }

    /// The sum over so many words of so many draws each.
    @inline(__always)
    private func add(_ words: Int, of draws: Int, _ table: borrowing Span<Int64>, from position: UInt64) -> Int64 {
        let mask = UInt64(1) << UInt64(bits) - 1
        let shift = UInt64(bits)
        var even: Int64 = 0
        var odd: Int64 = 0
        for index in 0..<words {
            var word = random.word(position &+ UInt64(truncatingIfNeeded: index))
            for draw in 0..<draws {
                // Unchecked: k bits index a table of 2ᵏ.
                let value = unsafe table[unchecked: Int(truncatingIfNeeded: word & mask)]
                if draw % 2 == 0 { even &+= value } else { odd &+= value }
                word &>>= shift
            }
        }
        return even &+ odd
    }

    /// Calls with the samples of a resample: the same that ``sum(_:rejectMask:resample:)`` adds.
    func forEach(resample: Int, _ body: (Int) -> Void) {
        let mask = UInt64(1) << UInt64(bits) - 1
        var position = UInt64(resample) &* stride
        var wanted = limit
        while wanted > 0 {
            var accepted = 0
            for start in Swift.stride(from: 0, to: wanted, by: perWord) {
                var word = random.word(position)
                position &+= 1
                for _ in start..<min(start + perWord, wanted) {
                    let index = Int(truncatingIfNeeded: word & mask) / places
                    if index < limit {
                        body(index)
                        accepted += 1
                    }
                    word &>>= UInt64(bits)
                }
            }
            wanted -= accepted
        }
    }
}
