// Typed accessors of arrays, each with a variant for columns that may be null. Elements may be null;
// arrays of several dimensions are refused.

extension PostgresRow {
    /// A `boolean[]`; throws a decode error for null.
    public func boolArray(_ column: some PostgresColumnReference) throws(PostgresError) -> [Bool?] {
        try required(column, as: "boolean[]", boolArrayOrNil(column))
    }

    /// A `boolean[]`, or nil for null.
    public func boolArrayOrNil(_ column: some PostgresColumnReference) throws(PostgresError) -> [Bool?]? {
        try decode(column, as: "boolean[]") { type, bytes in
            guard type == .boolArray else { return nil }
            var reader = BinaryReader(bytes)
            return reader.array { BinaryValue.bool($0) }
        }
    }

    /// A `smallint[]`; throws a decode error for null.
    public func int16Array(_ column: some PostgresColumnReference) throws(PostgresError) -> [Int16?] {
        try required(column, as: "smallint[]", int16ArrayOrNil(column))
    }

    /// A `smallint[]`, or nil for null.
    public func int16ArrayOrNil(_ column: some PostgresColumnReference) throws(PostgresError) -> [Int16?]? {
        try decode(column, as: "smallint[]") { type, bytes in
            guard type == .int16Array else { return nil }
            var reader = BinaryReader(bytes)
            return reader.array { BinaryValue.integer($0) }
        }
    }

    /// A `integer[]`; throws a decode error for null.
    public func int32Array(_ column: some PostgresColumnReference) throws(PostgresError) -> [Int32?] {
        try required(column, as: "integer[]", int32ArrayOrNil(column))
    }

    /// A `integer[]`, or nil for null.
    public func int32ArrayOrNil(_ column: some PostgresColumnReference) throws(PostgresError) -> [Int32?]? {
        try decode(column, as: "integer[]") { type, bytes in
            guard type == .int32Array else { return nil }
            var reader = BinaryReader(bytes)
            return reader.array { BinaryValue.integer($0) }
        }
    }

    /// A `bigint[]`; throws a decode error for null.
    public func int64Array(_ column: some PostgresColumnReference) throws(PostgresError) -> [Int64?] {
        try required(column, as: "bigint[]", int64ArrayOrNil(column))
    }

    /// A `bigint[]`, or nil for null.
    public func int64ArrayOrNil(_ column: some PostgresColumnReference) throws(PostgresError) -> [Int64?]? {
        try decode(column, as: "bigint[]") { type, bytes in
            guard type == .int64Array else { return nil }
            var reader = BinaryReader(bytes)
            return reader.array { BinaryValue.integer($0) }
        }
    }

    /// A `double precision[]`; throws a decode error for null.
    public func float64Array(_ column: some PostgresColumnReference) throws(PostgresError) -> [Double?] {
        try required(column, as: "double precision[]", float64ArrayOrNil(column))
    }

    /// A `double precision[]`, or nil for null.
    public func float64ArrayOrNil(_ column: some PostgresColumnReference) throws(PostgresError) -> [Double?]? {
        try decode(column, as: "double precision[]") { type, bytes in
            guard type == .float64Array else { return nil }
            var reader = BinaryReader(bytes)
            return reader.array { BinaryValue.float64($0) }
        }
    }

    /// A `text[]`; throws a decode error for null.
    public func textArray(_ column: some PostgresColumnReference) throws(PostgresError) -> [String?] {
        try required(column, as: "text[]", textArrayOrNil(column))
    }

    /// A `text[]`, or nil for null.
    public func textArrayOrNil(_ column: some PostgresColumnReference) throws(PostgresError) -> [String?]? {
        try decode(column, as: "text[]") { type, bytes in
            guard type == .textArray else { return nil }
            var reader = BinaryReader(bytes)
            return reader.array { BinaryValue.text($0) }
        }
    }

    /// A `bytea[]`; throws a decode error for null.
    public func byteaArray(_ column: some PostgresColumnReference) throws(PostgresError) -> [[UInt8]?] {
        try required(column, as: "bytea[]", byteaArrayOrNil(column))
    }

    /// A `bytea[]`, or nil for null.
    public func byteaArrayOrNil(_ column: some PostgresColumnReference) throws(PostgresError) -> [[UInt8]?]? {
        try decode(column, as: "bytea[]") { type, bytes in
            guard type == .byteaArray else { return nil }
            var reader = BinaryReader(bytes)
            return reader.array { $0 }
        }
    }

    /// A `timestamptz[]`; throws a decode error for null.
    public func timestamptzArray(_ column: some PostgresColumnReference) throws(PostgresError) -> [Int64?] {
        try required(column, as: "timestamptz[]", timestamptzArrayOrNil(column))
    }

    /// A `timestamptz[]`, or nil for null.
    public func timestamptzArrayOrNil(_ column: some PostgresColumnReference) throws(PostgresError) -> [Int64?]? {
        try decode(column, as: "timestamptz[]") { type, bytes in
            guard type == .timestamptzArray else { return nil }
            var reader = BinaryReader(bytes)
            return reader.array { BinaryValue.timestamptz($0) }
        }
    }

    /// A `jsonb[]`; throws a decode error for null.
    public func jsonbArray(_ column: some PostgresColumnReference) throws(PostgresError) -> [[UInt8]?] {
        try required(column, as: "jsonb[]", jsonbArrayOrNil(column))
    }

    /// A `jsonb[]`, or nil for null.
    public func jsonbArrayOrNil(_ column: some PostgresColumnReference) throws(PostgresError) -> [[UInt8]?]? {
        try decode(column, as: "jsonb[]") { type, bytes in
            guard type == .jsonbArray else { return nil }
            var reader = BinaryReader(bytes)
            return reader.array { BinaryValue.jsonb($0) }
        }
    }
}
