// A table for a terminal or a log: columns as wide as their widest cell, two spaces between them.

/// A table of text.
public struct TerminalTable {
    /// A column.
    public struct Column {
        let title: String
        let isRightAligned: Bool

        public init(_ title: String, isRightAligned: Bool = false) {
            self.title = title
            self.isRightAligned = isRightAligned
        }
    }

    private let columns: [Column]
    private let isStyled: Bool
    private var rows: [[String]] = []

    /// - Parameter isStyled: whether the header is set bold by terminal codes
    public init(_ columns: [Column], isStyled: Bool = false) {
        self.columns = columns
        self.isStyled = isStyled
    }

    /// Adds a row, one text a column; the texts are escaped here.
    public mutating func add(_ row: [String]) {
        precondition(row.count == columns.count, "a row has one text for each column")
        rows.append(row.map { Escape.terminal($0).replacing("\n", with: " ") })
    }

    /// The lines of the table.
    public func render() -> String {
        let widths = columns.indices.map { column in
            rows.reduce(columns[column].title.count) { max($0, $1[column].count) }
        }
        let header = line(columns.map(\.title), widths)
        let lines = [isStyled ? "\u{1B}[1m\(header)\u{1B}[0m" : header] + rows.map { line($0, widths) }
        return lines.joined(separator: "\n")
    }

    private func line(_ texts: [String], _ widths: [Int]) -> String {
        var line = ""
        for (column, text) in texts.enumerated() {
            let padding = String(repeating: " ", count: widths[column] - text.count)
            if column > 0 { line += "  " }
            line += columns[column].isRightAligned ? padding + text : text + padding
        }
        while line.last == " " { line.removeLast() }
        return line
    }
}
