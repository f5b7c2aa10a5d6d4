// DriftTest.swift: whether a cell's scores moved over the window in which it ran. The t test of the slope of a least
// squares line through scores by their rank in time (ranks, since calls come in bursts; ties get their mean rank). Where
// samples have several epochs, each sample's mean is taken out of both, so that hard samples that ran late are no drift.
// Source of the slope and its error: any text on the linear model, for instance Seber and Lee, Linear Regression
// Analysis, 2nd edition (2003), 6.1.

/// What the test of drift says of a cell.
public struct DriftTest: Hashable, Sendable {
    /// The change of the score from the first to the last outcome, by the line.
    public let change: Double
    /// Two-sided; 0 where all lies on the line.
    public let pValue: Double
    public let outcomes: Int
}

/// One scored outcome in time.
public struct TimedScore: Hashable, Sendable {
    public let startedAtMicros: Int64
    public let sample: Int
    public let score: Double

    public init(startedAtMicros: Int64, sample: Int, score: Double) {
        self.startedAtMicros = startedAtMicros
        self.sample = sample
        self.score = score
    }
}

/// Tests a cell's scores for a trend over its window.
///
/// - Parameter scores: in any order; the result does not depend on it
/// - Returns: nil where there is nothing to test: fewer than three degrees of freedom, all scores or all times the same
public func driftTest(_ scores: [TimedScore]) -> DriftTest? {
    let ordered = scores.sorted {
        ($0.startedAtMicros, $0.sample, $0.score) < ($1.startedAtMicros, $1.sample, $1.score)
    }
    let count = ordered.count
    guard count > 3 else { return nil }
    // From 0 to 1 over the window.
    var times = [Double](repeating: 0, count: count)
    var start = 0
    while start < count {
        var end = start
        while end < count, ordered[end].startedAtMicros == ordered[start].startedAtMicros { end += 1 }
        let rank = Double(start + end - 1) / 2 / Double(count - 1)
        for index in start..<end { times[index] = rank }
        start = end
    }
    var groups: [Int: (count: Int, time: Double, score: Double)] = [:]
    for (index, outcome) in ordered.enumerated() {
        groups[outcome.sample, default: (0, 0, 0)].count += 1
        groups[outcome.sample, default: (0, 0, 0)].time += times[index]
        groups[outcome.sample, default: (0, 0, 0)].score += outcome.score
    }
    let isRepeated = groups.count < count
    let whole = (
        time: times.reduce(0, +) / Double(count), score: ordered.reduce(0) { $0 + $1.score } / Double(count)
    )
    var (timeSquares, products, scoreSquares) = (0.0, 0.0, 0.0)
    for (index, outcome) in ordered.enumerated() {
        var center = whole
        if isRepeated, let group = groups[outcome.sample] {
            center = (group.time / Double(group.count), group.score / Double(group.count))
        }
        let (time, score) = (times[index] - center.time, outcome.score - center.score)
        timeSquares += time * time
        products += time * score
        scoreSquares += score * score
    }
    let degrees = isRepeated ? count - groups.count - 1 : count - 2
    guard degrees >= 3, timeSquares > 1e-12, scoreSquares > 1e-12 else { return nil }
    let slope = products / timeSquares
    let residual = max(0, scoreSquares - slope * products)
    let error = (residual / Double(degrees) / timeSquares).squareRoot()
    let pValue = error > 0 ? studentTwoSided(slope / error, degrees: Double(degrees)) : 0
    return DriftTest(change: slope, pValue: pValue, outcomes: count)
}
