// RadixSelection.swift: the n-th smallest of many whole numbers without sorting them.
// Invariant: the answer depends on the multiset of values alone.

/// The value of a given rank among values that are not negative.
///
/// Counts the values by their highest digit of 11 bits, keeps those of the digit in which the rank falls, and goes on
/// with the next digit: linear in the number of values, whatever their order.
///
/// - Parameters:
///   - values: at least one, none negative.
///   - rank: from 1 to the number of values.
func nthSmallest(of values: [Int64], rank: Int) -> Int64 {
    precondition(rank >= 1 && rank <= values.count, "a rank lies between 1 and the number of values")
    let digitBits = 11
    let mask: Int64 = (1 << Int64(digitBits)) - 1
    var candidates = values
    var remaining = rank
    var bits = 64 - (values.max() ?? 0).leadingZeroBitCount
    while bits > 0, candidates.count > 1 {
        let shift = Int64(max(0, bits - digitBits))
        var histogram = [Int](repeating: 0, count: 1 << digitBits)
        for value in candidates { histogram[Int((value >> shift) & mask)] += 1 }
        var digit = 0
        while histogram[digit] < remaining {
            remaining -= histogram[digit]
            digit += 1
        }
        candidates = candidates.filter { ($0 >> shift) & mask == Int64(digit) }
        bits = Int(shift)
    }
    return candidates[0]
}
