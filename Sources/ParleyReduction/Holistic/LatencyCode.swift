// LatencyCode.swift: a latency's first digit in a floating-point sense: its power of two and the bits after it.
// Invariant: the code never falls as the latency grows, so that a rank found by codes is a rank of latencies.

/// A monotone map from latencies to a few hundred codes.
struct LatencyCode: Sendable, Equatable {
    /// Bits after the leading one that a code tells apart; −1 when all latencies have code 0.
    let mantissaBits: Int
    /// One more than the code of the largest latency.
    let count: Int

    /// Five bits: a code spans 3 % of a latency. The median's code then holds a few rows in a hundred of a cell, and
    /// the counters of a thousand cells still fit the outer caches.
    private static let finest = 5

    /// The finest codes whose counters are no more than `counters` over all cells.
    init(largestLatency: Int64, cellCount: Int, counters: Int) {
        var bits = Self.finest
        while bits >= 0, (Self.code(largestLatency, bits) + 1) * cellCount > counters { bits -= 1 }
        mantissaBits = bits
        count = bits < 0 ? 1 : Self.code(largestLatency, bits) + 1
    }

    /// The code of a latency that is not above the largest.
    @inline(__always)
    func callAsFunction(_ latency: Int64) -> Int {
        mantissaBits < 0 ? 0 : Self.code(latency, mantissaBits)
    }

    @inline(__always)
    private static func code(_ latency: Int64, _ bits: Int) -> Int {
        // Below 2^bits the code is the latency itself.
        let exponent = 63 &- (latency | (1 &<< Int64(bits))).leadingZeroBitCount
        let shift = exponent &- bits
        return (shift &<< bits) &+ Int(latency &>> Int64(shift))
    }
}
