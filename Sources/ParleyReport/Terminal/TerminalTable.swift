// A table for a terminal: columns as wide as their widest text, counted in graphemes. Where it is wider than the
// screen, its columns are folded into several blocks that repeat the first one. Every cell goes through `Escape`.

/// Rows under aligned columns.
public struct TerminalTable: Sendable {
    /// The side that a column's texts stand at.
    public enum Alignment: Sendable { case left, right }

    /// A column's heading and side.
    public struct Column: Sendable {
        public var title: String
        public var alignment: Alignment

        public init(_ title: String, _ alignment: Alignment = .left) {
            self.title = title
            self.alignment = alignment
        }
    }

    /// Whether the heading is bold (ANSI); for a terminal only.
    public var isStyled: Bool
    private let columns: [Column]
    private var rows: [[String]] = []
    private static let gap = "  "

    public init(columns: [Column], isStyled: Bool = false) {
        self.columns = columns.map { Column(Escape.terminal($0.title), $0.alignment) }
        self.isStyled = isStyled
    }

    /// Adds a row; it must have as many cells as there are columns.
    public mutating func append(_ cells: [String]) {
        precondition(cells.count == columns.count, "a row has a cell for each column")
        rows.append(cells.map { Escape.terminal($0) })
    }

    /// The table, each line ended by a line feed.
    ///
    /// - Parameter width: the columns of the screen; nil for no limit.
    public func render(width: Int? = nil) -> String {
        let widths = columns.indices.map { index in
            rows.reduce(columns[index].title.count) { max($0, $1[index].count) }
        }
        return blocks(widths, within: width).map { block in
            let heading = line(block, widths) { columns[$0].title }
            let body = rows.map { row in line(block, widths) { row[$0] } }
            return ([isStyled ? "\u{1B}[1m\(heading)\u{1B}[0m" : heading] + body).joined(separator: "\n") + "\n"
        }.joined(separator: "\n")
    }

    /// The columns of each block: the first one and as many of the others as fit, at least one.
    private func blocks(_ widths: [Int], within limit: Int?) -> [[Int]] {
        guard let first = columns.indices.first else { return [] }
        var blocks: [[Int]] = [[first]]
        var used = widths[first]
        for index in columns.indices.dropFirst() {
            let wanted = Self.gap.count + widths[index]
            if let limit, used + wanted > limit, blocks[blocks.count - 1].count > 1 {
                blocks.append([first])
                used = widths[first]
            }
            blocks[blocks.count - 1].append(index)
            used += wanted
        }
        return blocks
    }

    private func line(_ block: [Int], _ widths: [Int], text: (Int) -> String) -> String {
        var line = ""
        for index in block {
            if index != block.first { line += Self.gap }
            let cell = text(index)
            let space = String(repeating: " ", count: widths[index] - cell.count)
            line += columns[index].alignment == .left ? cell + space : space + cell
        }
        while line.last == " " { line.removeLast() }
        return line
    }
}
