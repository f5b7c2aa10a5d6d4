// The map from a measured value to a place in a drawing.

/// A linear scale.
struct PlotScale: Sendable {
    /// What is measured.
    let domain: ClosedRange<Double>
    /// Where it is drawn.
    let range: ClosedRange<Double>

    /// Takes a domain without extent apart by half a unit on each side.
    init(domain: ClosedRange<Double>, range: ClosedRange<Double>) {
        let isPoint = domain.lowerBound == domain.upperBound
        self.domain = isPoint ? domain.lowerBound - 0.5...domain.upperBound + 0.5 : domain
        self.range = range
    }

    /// The place of a value; values outside the domain are drawn at its edge.
    func position(_ value: Double) -> Double {
        let share = (value - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
        return range.lowerBound + min(max(share, 0), 1) * (range.upperBound - range.lowerBound)
    }

    /// Five values at equal steps, both ends among them.
    var ticks: [Double] {
        (0...4).map { domain.lowerBound + Double($0) / 4 * (domain.upperBound - domain.lowerBound) }
    }
}
