// A dot and an interval for each configuration on one axis, as inline SVG. Positions are linear in the score; the axis
// is 0 to 1 for rates, else the span of the intervals, widened by a twentieth.

import ParleyModel

struct IntervalPlot {
    static let width = 720.0
    static let labelWidth = 170.0
    static let rowHeight = 26.0
    static let margin = 24.0

    let suite: SuiteSummary
    let cells: [CellRecord]

    /// The lowest and highest score of the axis.
    var axis: ClosedRange<Double> {
        if cells.allSatisfy({ $0.measure != "mean" }) { return 0...1 }
        let ends = cells.flatMap { cell in
            [cell.estimate, cell.interval?.lower, cell.interval?.upper].compactMap { $0 }
        }
        guard let lowest = ends.min(), let highest = ends.max(), lowest < highest else {
            let middle = ends.first ?? 0
            return (middle - 0.5)...(middle + 0.5)
        }
        let room = (highest - lowest) / 20
        return (lowest - room)...(highest + room)
    }

    /// The horizontal position of a score.
    func x(_ score: Double) -> Double {
        let share = (score - axis.lowerBound) / (axis.upperBound - axis.lowerBound)
        return Self.labelWidth + share * (Self.width - Self.labelWidth - Self.margin)
    }

    var svg: String {
        let height = Self.rowHeight * Double(cells.count) + 30
        let bottom = Self.rowHeight * Double(cells.count) + 4
        let isRate = cells.allSatisfy { $0.measure != "mean" }
        let ticks = (0...4).map { step -> String in
            let score = axis.lowerBound + (axis.upperBound - axis.lowerBound) * Double(step) / 4
            let place = Self.number(x(score))
            let label =
                isRate ? "\(NumberText.fixed(score * 100, decimals: 0)) %" : NumberText.fixed(score, decimals: 2)
            return """
                <line class="grid" x1="\(place)" x2="\(place)" y1="0" y2="\(Self.number(bottom))"/>
                <text x="\(place)" y="\(Self.number(bottom + 16))" text-anchor="middle">\(label)</text>
                """
        }
        let rows = cells.enumerated().map { row($0.element, at: Self.rowHeight * (Double($0.offset) + 0.5)) }
        let description = cells.map { cell in
            "\(cell.configuration): \(cell.estimate.map { NumberText.estimate($0, isRate: isRate) } ?? "none counted")"
        }
        return """
            <svg viewBox="0 0 \(Self.number(Self.width)) \(Self.number(height))" role="img">
            <title>\(Escape.html("Estimates with 95 % intervals, \(suite.title)"))</title>
            <desc>\(Escape.html(description.joined(separator: "; ")))</desc>
            \(ticks.joined(separator: "\n"))
            \(rows.joined(separator: "\n"))
            </svg>
            """
    }

    private func row(_ cell: CellRecord, at y: Double) -> String {
        let height = Self.number(y)
        let label = "<text x=\"0\" y=\"\(Self.number(y + 4))\">\(Escape.html(cell.configuration.text))</text>"
        guard let estimate = cell.estimate else {
            return label
                + "<text class=\"none\" x=\"\(Self.number(Self.labelWidth))\" y=\"\(Self.number(y + 4))\">none counted</text>"
        }
        let line = cell.interval.map {
            "<line class=\"interval\" x1=\"\(Self.number(x($0.lower)))\" x2=\"\(Self.number(x($0.upper)))\" y1=\"\(height)\" y2=\"\(height)\"/>"
        }
        return label + (line ?? "")
            + "<circle class=\"dot\" cx=\"\(Self.number(x(estimate)))\" cy=\"\(height)\" r=\"5\"/>"
    }

    static func number(_ value: Double) -> String { NumberText.fixed(value, decimals: 2) }
}
