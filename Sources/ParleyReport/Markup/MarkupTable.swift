// A table of the report: a caption, a heading for each column, and rows whose first cell is their heading. It
// scrolls sideways on a narrow screen, by keyboard as well.

/// A table of the report.
struct MarkupTable {
    enum Alignment { case text, number }

    let caption: String
    let columns: [(title: String, alignment: Alignment)]
    var rows: [[Markup]] = []

    init(caption: String, columns: [(title: String, alignment: Alignment)]) {
        self.caption = caption
        self.columns = columns
    }

    var markup: Markup {
        let headings = columns.map { column in
            Markup.element("th", ["scope": "col", "class": style(column.alignment)], column.title)
        }
        let body = rows.map { row in
            Markup.element(
                "tr",
                zip(row, columns).enumerated().map { index, cell in
                    index == 0
                        ? .element("th", ["scope": "row"], [cell.0])
                        : .element("td", ["class": style(cell.1.alignment)], [cell.0])
                }
            )
        }
        let table = Markup.element(
            "table",
            [
                .element("caption", [.element("span", caption)]), .element("thead", [.element("tr", headings)]),
                .element("tbody", body),
            ]
        )
        return .element("div", ["class": "scroll", "role": "region", "tabindex": "0", "aria-label": caption], [table])
    }

    private func style(_ alignment: Alignment) -> String { alignment == .number ? "number" : "text" }
}
