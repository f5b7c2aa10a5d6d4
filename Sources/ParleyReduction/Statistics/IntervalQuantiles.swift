// IntervalQuantiles.swift: the quantiles that the intervals of a table share. A quantile of Student's distribution costs
// more than the sums of a small cell, and the cells of a suite have the same degrees of freedom.

import Synchronization

/// Quantiles at (1 + level)/2, each computed once.
final class IntervalQuantiles: Sendable {
    /// The confidence level, between 0 and 1.
    let level: Double
    /// Of the standard normal distribution.
    let normal: Double
    private let student = Mutex<[Int64: Double]>([:])

    init(level: Double) {
        self.level = level
        normal = normalQuantile(0.5 + 0.5 * level)
    }

    /// Of Student's distribution.
    func student(degrees: Int64) -> Double {
        if let known = student.withLock({ $0[degrees] }) { return known }
        let quantile = studentQuantile(0.5 + 0.5 * level, degrees: Double(degrees))
        student.withLock { $0[degrees] = quantile }
        return quantile
    }

    /// centre ± t · error, with t of `degrees` of freedom.
    func interval(
        _ centre: Double,
        error: Double,
        degrees: Int64,
        method: ConfidenceInterval.Method
    ) -> ConfidenceInterval {
        let half = student(degrees: degrees) * error
        return ConfidenceInterval(lower: centre - half, upper: centre + half, level: level, method: method)
    }
}
