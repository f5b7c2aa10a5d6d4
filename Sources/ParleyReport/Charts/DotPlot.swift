// Estimates with their intervals, a row for each configuration of a suite. Labels stand above their row, so that the
// drawing can be read at the width of a phone.

internal import ParleyModel

/// A dot for each estimate, on a line for its interval.
struct DotPlot {
    static let width = 400.0
    static let margin = 16.0
    static let rowHeight = 40.0

    let title: String
    let cells: [CellRecord]

    private var isRate: Bool { cells.allSatisfy { $0.measure == nil || $0.measure == "rate" } }

    /// Zero to one for rates, else from the lowest to the highest value that is drawn.
    var scale: PlotScale {
        let values = cells.flatMap { [$0.estimate, $0.interval?.lower, $0.interval?.upper].compactMap(\.self) }
            .filter(\.isFinite)
        let range = Self.margin...Self.width - Self.margin
        guard !isRate, let low = values.min(), let high = values.max() else {
            return PlotScale(domain: 0...1, range: range)
        }
        return PlotScale(domain: low...high, range: range)
    }

    var markup: Markup {
        let scale = self.scale
        let bottom = Double(cells.count) * Self.rowHeight + 4
        let height = bottom + 20
        let rows = cells.enumerated().map { row($1, top: Double($0) * Self.rowHeight, scale) }
        let described = cells.map {
            "\($0.configuration.text): \(FindingText.estimate($0)), interval \(FindingText.interval($0))"
        }
        return .element(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "class": "chart", "role": "img",
                "viewBox": "0 0 \(NumberText.coordinate(Self.width)) \(NumberText.coordinate(height))",
            ],
            [
                .element("title", title), .element("desc", described.joined(separator: "; ")),
                axis(scale, bottom: bottom),
            ] + rows
        )
    }

    private func axis(_ scale: PlotScale, bottom: Double) -> Markup {
        .group(
            scale.ticks.enumerated().map { index, tick in
                let x = NumberText.coordinate(scale.position(tick))
                let label =
                    isRate ? NumberText.fixed(tick * 100, decimals: 0) + " %" : NumberText.fixed(tick, decimals: 2)
                let anchor = index == 0 ? "start" : index == 4 ? "end" : "middle"
                let labelX = index == 0 ? "0" : index == 4 ? NumberText.coordinate(Self.width) : x
                return .group([
                    .element(
                        "line",
                        ["class": "grid", "x1": x, "x2": x, "y1": "0", "y2": NumberText.coordinate(bottom)],
                        []
                    ),
                    .element(
                        "text",
                        ["class": "tick", "x": labelX, "y": NumberText.coordinate(bottom + 14), "text-anchor": anchor],
                        label
                    ),
                ])
            }
        )
    }

    private func row(_ cell: CellRecord, top: Double, _ scale: PlotScale) -> Markup {
        let middle = NumberText.coordinate(top + 28)
        let right = NumberText.coordinate(Self.width)
        let labelY = NumberText.coordinate(top + 15)
        var pieces: [Markup] = [
            .element("text", ["class": "label", "x": "0", "y": labelY], cell.configuration.text),
            .element(
                "text",
                ["class": "value", "x": right, "y": labelY, "text-anchor": "end"],
                FindingText.estimate(cell)
            ),
        ]
        if let interval = cell.interval, interval.lower.isFinite, interval.upper.isFinite {
            let left = NumberText.coordinate(scale.position(interval.lower))
            let right = NumberText.coordinate(scale.position(interval.upper))
            pieces.append(
                .element("line", ["class": "interval", "x1": left, "x2": right, "y1": middle, "y2": middle], [])
            )
        }
        if let estimate = cell.estimate, estimate.isFinite {
            let x = NumberText.coordinate(scale.position(estimate))
            pieces.append(.element("circle", ["class": "dot", "cx": x, "cy": middle, "r": "5"], []))
        }
        return .element("g", pieces)
    }
}
