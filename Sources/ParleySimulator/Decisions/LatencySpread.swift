// The spread of latencies around their median. Drawn by the inverse of a log-normal distribution with sigma 0.5,
// from a table (no libm, whose last bits differ between machines) with straight lines between its points: the first
// and the last stand for the quantiles 0.002 and 0.998, so the largest is 4.2 times the median.

enum LatencySpread {
    /// exp(0.5 × Φ⁻¹(i/32)) in thousandths, for i = 0 … 32.
    private static let thousandths: [UInt64] = [
        237, 394, 464, 517, 563, 604, 642, 678, 714, 749, 783, 818, 853, 888, 924, 962, 1000, 1040, 1082, 1126, 1173,
        1223, 1277, 1336, 1401, 1474, 1558, 1657, 1777, 1933, 2153, 2538, 4217,
    ]

    /// A latency in microseconds, for a median in milliseconds and a uniform 64-bit draw.
    static func microseconds(medianMilliseconds: Int, draw: UInt64) -> Int {
        guard medianMilliseconds > 0 else { return 0 }
        let step = Int(draw >> 59)
        let part = (draw >> 43) & 0xFFFF
        let low = thousandths[step]
        let factor = low + ((thousandths[step + 1] - low) * part) >> 16
        return medianMilliseconds * Int(factor)
    }
}
