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
        // At least four places a sample, so that less than a quarter is rejected.
        bits = Int.bitWidth - limit.leadingZeroBitCount + 2
        places = (1 << bits) / limit
        perWord = UInt64.bitWidth / bits
        stride = UInt64(2 * (limit / perWord + 16))
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
            if perWord == 5 {
                var other: Int64 = 0
                for _ in 0..<words {
                    let word = random.word(position)
                    position &+= 1
                    // Unchecked: k bits index a table of 2ᵏ.
                    unsafe total &+= table[unchecked: Int(truncatingIfNeeded: word & mask)]
                    unsafe other &+= table[unchecked: Int(truncatingIfNeeded: word &>> shift & mask)]
                    unsafe total &+= table[unchecked: Int(truncatingIfNeeded: word &>> (2 &* shift) & mask)]
                    unsafe other &+= table[unchecked: Int(truncatingIfNeeded: word &>> (3 &* shift) & mask)]
                    unsafe total &+= table[unchecked: Int(truncatingIfNeeded: word &>> (4 &* shift) & mask)]
                }
                total &+= other
            } else {
                for _ in 0..<words {
                    var word = random.word(position)
                    position &+= 1
                    for _ in 0..<perWord {
                        unsafe total &+= table[unchecked: Int(truncatingIfNeeded: word & mask)]
                        word &>>= shift
                    }
                }
            }
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
