// The result of one statement. The rows stay in libpq's own result, which this value shares and frees with its last
// copy, so that a large result is not copied twice; values are decoded when they are asked for.

/// The rows that a statement returned, and how many it changed.
public struct PostgresRows: Sendable, RandomAccessCollection {
    /// A column of a result.
    public struct Column: Sendable, Hashable {
        public let name: String
        public let type: PostgresType
    }

    let result: LibPQResult
    /// The columns from left to right.
    public let columns: [Column]
    /// Number of rows returned.
    public let count: Int

    init(_ result: LibPQResult) {
        self.result = result
        count = result.rowCount
        columns = (0..<result.columnCount).map {
            Column(name: result.columnName($0), type: PostgresType(oid: result.columnType($0)))
        }
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { count }

    /// Rows inserted, updated, deleted or selected; 0 for other statements.
    public var affectedRows: Int { result.affectedRows }

    /// The server's word for what it did, such as `INSERT 0 5`.
    public var commandTag: String { result.commandTag }

    public subscript(row: Int) -> PostgresRow {
        precondition(row >= 0 && row < count, "PostgresRows: row \(row) of \(count)")
        return PostgresRow(rows: self, row: row)
    }

    /// The only row.
    /// - Throws: a decode error when there are none or several
    public func only() throws(PostgresError) -> PostgresRow {
        guard count == 1 else { throw .decode("One row was expected, the statement returned \(count).") }
        return self[0]
    }

    /// Position of a column.
    public func index(of name: String) throws(PostgresError) -> Int {
        guard let index = columns.firstIndex(where: { $0.name == name }) else {
            let names = columns.map(\.name).joined(separator: ", ")
            throw .decode("The result has no column \"\(name)\"; it has: \(names).")
        }
        return index
    }

    func bytes(row: Int, column: Int) -> [UInt8]? {
        if result.isNull(row, column) { return nil }
        return unsafe result.withBytes(row, column) { unsafe [UInt8]($0) }
    }
}
