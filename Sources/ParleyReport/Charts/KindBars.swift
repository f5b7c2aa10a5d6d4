// What became of everything that was planned: a bar for each configuration of a suite, cut into outcome kinds and
// what was never run. A segment's width is its share of what was planned.

internal import ParleyModel

/// One part of what was planned.
struct KindShare {
    let name: String
    /// The class that gives its colour.
    let style: String
    let count: Int

    /// The kinds with outcomes in the order of their numbers, then what was never run.
    static func shares(of cell: CellRecord) -> [KindShare] {
        let kinds = OutcomeKind.allCases.map {
            KindShare(name: $0.name, style: "k-\($0.name)", count: cell.kinds[$0, default: 0])
        }
        return (kinds + [KindShare(name: "never run", style: "k-never", count: cell.neverRun)]).filter { $0.count > 0 }
    }
}

/// A stacked bar for each cell.
struct KindBars {
    static let width = 400.0
    static let rowHeight = 40.0

    let title: String
    let cells: [CellRecord]

    var markup: Markup {
        let height = Double(cells.count) * Self.rowHeight + 4
        let described = cells.map { cell in
            let parts = KindShare.shares(of: cell).map { "\($0.name) \(NumberText.grouped($0.count))" }
            return "\(cell.configuration.text): \(parts.joined(separator: ", "))"
        }
        let svg = Markup.element(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "class": "chart", "role": "img",
                "viewBox": "0 0 \(NumberText.coordinate(Self.width)) \(NumberText.coordinate(height))",
            ],
            [.element("title", title), .element("desc", described.joined(separator: "; "))]
                + cells.enumerated().map { bar($1, top: Double($0) * Self.rowHeight) }
        )
        return .group([svg, legend])
    }

    private func bar(_ cell: CellRecord, top: Double) -> Markup {
        let shares = KindShare.shares(of: cell)
        let total = shares.reduce(0) { $0 + $1.count }
        let labelY = NumberText.coordinate(top + 15)
        var pieces: [Markup] = [
            .element("text", ["class": "label", "x": "0", "y": labelY], cell.configuration.text),
            .element(
                "text",
                ["class": "value", "x": NumberText.coordinate(Self.width), "y": labelY, "text-anchor": "end"],
                "\(NumberText.grouped(cell.planned)) planned"
            ),
        ]
        var start = 0
        for share in shares {
            let left = Double(start) / Double(total) * Self.width
            let right = Double(start + share.count) / Double(total) * Self.width
            pieces.append(
                .element(
                    "rect",
                    [
                        "class": share.style, "x": NumberText.coordinate(left), "y": NumberText.coordinate(top + 21),
                        "width": NumberText.coordinate(right - left), "height": "14",
                    ],
                    [
                        .element(
                            "title",
                            "\(share.name): \(NumberText.grouped(share.count)) of \(NumberText.grouped(total))"
                        )
                    ]
                )
            )
            start += share.count
        }
        return .element("g", pieces)
    }

    private var legend: Markup {
        var seen: Set<String> = []
        let shares = cells.flatMap(KindShare.shares).filter { seen.insert($0.name).inserted }
        let order = OutcomeKind.allCases.map(\.name) + ["never run"]
        let items = order.compactMap { name in shares.first { $0.name == name } }.map { share in
            Markup.element("li", [.element("span", ["class": "swatch \(share.style)"], ""), .text(share.name)])
        }
        return .element("ul", ["class": "legend", "aria-label": "Colours of the outcome kinds"], items)
    }
}
