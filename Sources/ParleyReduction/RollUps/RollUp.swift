// RollUp.swift: a group of cells, such as those of one area, in a few figures. How much the cells differ stands beside
// the mean, which would hide it. Invariant: those that entered and those left out are all that were asked for.

/// A group of cells in a few figures.
public struct RollUp: Sendable, Equatable {
    /// Why cells of the group did not enter.
    public struct LeftOut: Sendable, Equatable {
        /// Cells without a counted outcome.
        public var withoutEstimate = 0
        /// Cells whose scores can lie outside 0 to 1.
        public var onAnotherScale = 0
        /// Cells of one sample, and means of which all samples agree: their error is unknown.
        public var withoutError = 0

        /// None left out.
        public init() {}
    }

    /// k, the cells that entered.
    public var cells: Int
    /// The suites that they are of.
    public var suites: Int
    /// Those that did not enter, by reason.
    public var leftOut: LeftOut
    /// Σ yᵢ / k, each cell weighing the same; `nil` without cells.
    public var mean: Double?
    /// √Σ sᵢ² / k: the error of the mean of these very cells. It says nothing of other suites; for those see
    /// ``heterogeneity``.
    public var standardError: Double?
    /// The index of the cell with the lowest estimate; of several, the first.
    public var lowest: Int?
    /// The index of the cell with the highest estimate; of several, the first.
    public var highest: Int?
    /// How the cells differ; `nil` with fewer than two. The cells are taken as independent, though those of one suite
    /// share its samples. Intervals are cut to 0…1.
    public var heterogeneity: RandomEffects?
}

extension Reduction {
    /// The roll-up of some cells.
    ///
    /// - Parameters:
    ///   - cells: indices, each once.
    ///   - places: by cell index.
    ///   - level: the confidence level of the intervals, between 0 and 1.
    public func rollUp(of cells: [Int], places: [CellPlace], level: Double = 0.95) -> RollUp {
        var leftOut = RollUp.LeftOut()
        var entered: [(cell: Int, effect: Effect)] = []
        for cell in cells {
            let score = findings[cell].score
            if score.mean == nil {
                leftOut.withoutEstimate += 1
            } else if !places[cell].hasUnitScores {
                leftOut.onAnotherScale += 1
            } else if let effect = Effect(score) {
                entered.append((cell, effect))
            } else {
                leftOut.withoutError += 1
            }
        }
        let count = Double(entered.count)
        let estimates = entered.map(\.effect.estimate)
        let variance = entered.reduce(0) { $0 + $1.effect.standardError * $1.effect.standardError }
        var heterogeneity = RandomEffects(entered.map(\.effect), level: level)
        heterogeneity?.interval.cut(to: 0...1)
        heterogeneity?.hartungKnapp?.cut(to: 0...1)
        return RollUp(
            cells: entered.count,
            suites: Set(entered.map { places[$0.cell].suite }).count,
            leftOut: leftOut,
            mean: entered.isEmpty ? nil : estimates.reduce(0, +) / count,
            standardError: entered.isEmpty ? nil : variance.squareRoot() / count,
            lowest: entered.min { $0.effect.estimate < $1.effect.estimate }?.cell,
            highest: entered.max { $0.effect.estimate < $1.effect.estimate }?.cell,
            heterogeneity: heterogeneity
        )
    }
}

extension ConfidenceInterval {
    fileprivate mutating func cut(to range: ClosedRange<Double>) {
        lower = max(lower, range.lowerBound)
        upper = min(upper, range.upperBound)
    }
}
