// Labels of an audit that were written into an exported file: a row a ticket. What a row says is held against the draw
// and the scale by whoever knows them.

public import ParleyModel

/// A file of labels by ticket.
public enum AuditFile {
    /// The columns that an export writes, in order.
    public static let columns = ["ticket", "suite", "question", "answer", "target", "grades", "label", "note"]

    /// One row.
    public struct Row: Hashable, Sendable {
        /// The line on which it begins, from 1.
        public let line: Int
        public let ticket: String
        /// nil where nobody has labelled it yet.
        public let label: String?
        public let note: String

        public init(line: Int, ticket: String, label: String?, note: String) {
            self.line = line
            self.ticket = ticket
            self.label = label
            self.note = note
        }
    }

    /// The rows of a file, CSV or JSONL. Only `ticket` and `label` must be there.
    /// - Throws: `InvalidInput` with the places of up to 20 bad rows
    public static func read(_ path: String) throws(InvalidInput) -> [Row] {
        let file = RowFile(
            path: path,
            columns: ["ticket", "label"],
            columnRemedy: "export the audit again and fill in its column 'label'"
        )
        var rows: [Row] = []
        var lines: [String: Int] = [:]
        try file.read { row in
            let ticket = try row.text("ticket")
            if let first = lines.updateValue(row.line, forKey: ticket) {
                throw RowProblem("ticket '\(ticket.prefix(40))' has a row on line \(first) already", "keep one of them")
            }
            rows.append(
                Row(line: row.line, ticket: ticket, label: row.plainText("label"), note: row.plainText("note") ?? "")
            )
        }
        return rows
    }
}

extension FileRow {
    /// The text of a column that may be missing or empty.
    fileprivate func plainText(_ column: String) -> String? {
        switch members[column] {
        case .string(let text)?: text.isEmpty ? nil : text
        case nil, .null?: nil
        case let other?: other.canonical
        }
    }
}
