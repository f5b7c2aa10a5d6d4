// From the bytes of a row to a JSON object: parsed as it is for JSONL, built from the header's names for CSV.

import ParleyModel

/// Turns rows into objects.
struct RowDecoder {
    private let format: DatasetFormat
    /// The columns of a CSV file; nil until its header was read.
    private(set) var columns: [String]?

    init(format: DatasetFormat) { self.format = format }

    /// Whether the next row is the header.
    var needsHeader: Bool { format == .csv && columns == nil }

    /// Takes the header; throws where two columns have one name.
    mutating func readHeader(_ row: RawRow) throws(RowProblem) {
        let names = try CSVRecord.fields(row.bytes)
        var seen: Set<String> = []
        for name in names where !name.isEmpty && !seen.insert(name).inserted {
            throw RowProblem("two columns are called '\(name)'", "rename one of them in the header")
        }
        columns = names
    }

    func object(_ row: RawRow) throws(RowProblem) -> [String: JSONValue] {
        switch format {
        case .jsonl: try parse(row)
        case .csv: try assemble(try CSVRecord.fields(row.bytes))
        }
    }

    private func parse(_ row: RawRow) throws(RowProblem) -> [String: JSONValue] {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: Array(row.bytes))
        } catch {
            throw RowProblem("no valid JSON: \(error.message)", "write one JSON object a line", column: error.column)
        }
        guard case .object(let members) = value else {
            throw RowProblem("a JSON \(value.typeName) where an object is wanted", "write one JSON object a line")
        }
        return members
    }

    private func assemble(_ cells: [String]) throws(RowProblem) -> [String: JSONValue] {
        let columns = columns ?? []
        guard cells.count == columns.count else {
            throw RowProblem(
                "\(cells.count) fields where the header has \(columns.count)",
                "put fields with commas or line breaks in quotes"
            )
        }
        var members: [String: JSONValue] = [:]
        for (column, cell) in zip(columns, cells) where !column.isEmpty { members[column] = .string(cell) }
        return members
    }
}
