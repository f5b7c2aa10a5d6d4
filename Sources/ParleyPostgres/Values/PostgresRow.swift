// One row's typed accessors. Each comes in two forms, by name and by position; each checks the column's type, and the
// plain ones refuse null. Integers widen; nothing else converts.

/// One row of a result.
public struct PostgresRow: Sendable {
    let rows: PostgresRows
    let row: Int

    /// Whether a column is null.
    public func isNull(_ column: some PostgresColumnReference) throws(PostgresError) -> Bool {
        rows.result.isNull(row, try column.position(in: rows))
    }

    /// Decodes a value: nil for null.
    func decode<T>(
        _ column: some PostgresColumnReference,
        as expected: String,
        _ decode: (PostgresType, [UInt8]) -> T?
    ) throws(PostgresError) -> T? {
        let position = try column.position(in: rows)
        guard let bytes = rows.bytes(row: row, column: position) else { return nil }
        let described = rows.columns[position]
        guard let value = decode(described.type, bytes) else {
            throw .decode(
                "Column \"\(described.name)\" is \(described.type), \(expected) was expected (\(bytes.count) bytes)."
            )
        }
        return value
    }

    /// A value that must not be null.
    func required<T>(
        _ column: some PostgresColumnReference,
        as expected: String,
        _ value: T?
    ) throws(PostgresError) -> T {
        if let value { return value }
        let described = rows.columns[try column.position(in: rows)]
        throw .decode("Column \"\(described.name)\" is null, \(expected) was expected.")
    }
}

/// A column by name (`String`) or position from 0 (`Int`).
public protocol PostgresColumnReference: Sendable {
    /// The column's position in a result; throws a decode error when there is no such column.
    func position(in rows: PostgresRows) throws(PostgresError) -> Int
}

extension String: PostgresColumnReference {
    public func position(in rows: PostgresRows) throws(PostgresError) -> Int { try rows.index(of: self) }
}

extension Int: PostgresColumnReference {
    public func position(in rows: PostgresRows) throws(PostgresError) -> Int {
        guard rows.columns.indices.contains(self) else {
            throw .decode("The result has \(rows.columns.count) columns, column \(self) was asked for.")
        }
        return self
    }
}
