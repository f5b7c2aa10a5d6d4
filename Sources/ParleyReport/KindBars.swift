// How the outcomes of each configuration divide into kinds, as one stacked bar each. Widths are shares of what was
// planned, so that what was never run is seen as a gap.

import ParleyModel

struct KindBars {
    let suite: SuiteSummary
    let cells: [CellRecord]

    var svg: String {
        let height = IntervalPlot.rowHeight * Double(cells.count)
        let bars = cells.enumerated().map { bar($0.element, row: $0.offset) }
        let description = cells.map { cell in
            let kinds = Self.shown(cell).map { "\($0.name) \(cell.kinds[$0, default: 0])" }.joined(separator: ", ")
            return "\(cell.configuration): \(kinds)"
        }
        return """
            <svg viewBox="0 0 \(IntervalPlot.number(IntervalPlot.width)) \(IntervalPlot.number(height))" role="img">
            <title>\(Escape.html("Outcomes by kind, \(suite.title)"))</title>
            <desc>\(Escape.html(description.joined(separator: "; ")))</desc>
            \(bars.joined(separator: "\n"))
            </svg>
            """
    }

    static func legend(_ cells: [CellRecord]) -> String {
        let kinds = OutcomeKind.allCases.filter { kind in cells.contains { $0.kinds[kind, default: 0] > 0 } }
        let items = kinds.map { "<span class=\"key\"><i class=\"k-\($0.name)\"></i> \($0.name)</span>" }
        return "<p class=\"legend\">\(items.joined(separator: " "))</p>"
    }

    private static func shown(_ cell: CellRecord) -> [OutcomeKind] {
        OutcomeKind.allCases.filter { cell.kinds[$0, default: 0] > 0 }
    }

    private func bar(_ cell: CellRecord, row: Int) -> String {
        let top = IntervalPlot.rowHeight * Double(row)
        let room = IntervalPlot.width - IntervalPlot.labelWidth - IntervalPlot.margin
        var left = IntervalPlot.labelWidth
        let label =
            "<text x=\"0\" y=\"\(IntervalPlot.number(top + 17))\">\(Escape.html(cell.configuration.text))</text>"
        let parts = Self.shown(cell).map { kind -> String in
            let count = cell.kinds[kind, default: 0]
            let width = room * Double(count) / Double(max(cell.planned, 1))
            defer { left += width }
            return """
                <rect class="k-\(kind.name)" x="\(IntervalPlot.number(left))" y="\(IntervalPlot.number(top + 5))" \
                width="\(IntervalPlot.number(width))" height="16"><title>\(kind.name) \(count)</title></rect>
                """
        }
        return label + parts.joined()
    }
}
