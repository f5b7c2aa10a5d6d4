// Typed accessors of single values, each with a variant for columns that may be null.

extension PostgresRow {
    /// A `boolean`; throws a decode error for null.
    public func bool(_ column: some PostgresColumnReference) throws(PostgresError) -> Bool {
        try required(column, as: "boolean", boolOrNil(column))
    }

    /// A `boolean`, or nil for null.
    public func boolOrNil(_ column: some PostgresColumnReference) throws(PostgresError) -> Bool? {
        try decode(column, as: "boolean") { type, bytes in
            [.bool].contains(type) ? BinaryValue.bool(bytes) : nil
        }
    }

    /// A `smallint`; throws a decode error for null.
    public func int16(_ column: some PostgresColumnReference) throws(PostgresError) -> Int16 {
        try required(column, as: "smallint", int16OrNil(column))
    }

    /// A `smallint`, or nil for null.
    public func int16OrNil(_ column: some PostgresColumnReference) throws(PostgresError) -> Int16? {
        try decode(column, as: "smallint") { type, bytes in
            [.int16].contains(type) ? BinaryValue.integer(bytes) : nil
        }
    }

    /// An `integer` or narrower; throws a decode error for null.
    public func int32(_ column: some PostgresColumnReference) throws(PostgresError) -> Int32 {
        try required(column, as: "integer or smallint", int32OrNil(column))
    }

    /// An `integer` or narrower, or nil for null.
    public func int32OrNil(_ column: some PostgresColumnReference) throws(PostgresError) -> Int32? {
        try decode(column, as: "integer or smallint") { type, bytes in
            switch type {
            case .int16: (BinaryValue.integer(bytes) as Int16?).map { Int32($0) }
            case .int32: BinaryValue.integer(bytes)
            default: nil
            }
        }
    }

    /// A `bigint`, an `oid` or a narrower integer; throws a decode error for null.
    public func int64(_ column: some PostgresColumnReference) throws(PostgresError) -> Int64 {
        try required(column, as: "bigint, integer, smallint or oid", int64OrNil(column))
    }

    /// A `bigint`, an `oid` or a narrower integer, or nil for null.
    public func int64OrNil(_ column: some PostgresColumnReference) throws(PostgresError) -> Int64? {
        try decode(column, as: "bigint, integer, smallint or oid") { type, bytes in
            switch type {
            case .int16: (BinaryValue.integer(bytes) as Int16?).map { Int64($0) }
            case .int32: (BinaryValue.integer(bytes) as Int32?).map { Int64($0) }
            case .oid: (BinaryValue.integer(bytes) as UInt32?).map { Int64($0) }
            case .int64: BinaryValue.integer(bytes)
            default: nil
            }
        }
    }

    /// A `double precision` or a `real`; throws a decode error for null.
    public func float64(_ column: some PostgresColumnReference) throws(PostgresError) -> Double {
        try required(column, as: "double precision or real", float64OrNil(column))
    }

    /// A `double precision` or a `real`, or nil for null.
    public func float64OrNil(_ column: some PostgresColumnReference) throws(PostgresError) -> Double? {
        try decode(column, as: "double precision or real") { type, bytes in
            switch type {
            case .float32: BinaryValue.float32(bytes)
            case .float64: BinaryValue.float64(bytes)
            default: nil
            }
        }
    }

    /// A `text`, `varchar`, `character`, `name`, `"char"` or `json`; throws a decode error for null.
    public func text(_ column: some PostgresColumnReference) throws(PostgresError) -> String {
        try required(column, as: "text", textOrNil(column))
    }

    /// A `text`, `varchar`, `character`, `name`, `"char"` or `json`, or nil for null.
    public func textOrNil(_ column: some PostgresColumnReference) throws(PostgresError) -> String? {
        try decode(column, as: "text") { type, bytes in
            let texts: [PostgresType] = [.text, .varchar, .bpchar, .name, .char, .json, .unknown]
            return texts.contains(type) ? BinaryValue.text(bytes) : nil
        }
    }

    /// A `bytea`; throws a decode error for null.
    public func bytea(_ column: some PostgresColumnReference) throws(PostgresError) -> [UInt8] {
        try required(column, as: "bytea", byteaOrNil(column))
    }

    /// A `bytea`, or nil for null.
    public func byteaOrNil(_ column: some PostgresColumnReference) throws(PostgresError) -> [UInt8]? {
        try decode(column, as: "bytea") { type, bytes in
            [.bytea].contains(type) ? bytes : nil
        }
    }

    /// The 128 bits of a `uuid`; throws a decode error for null.
    public func uuid(_ column: some PostgresColumnReference) throws(PostgresError) -> (high: UInt64, low: UInt64) {
        try required(column, as: "uuid", uuidOrNil(column))
    }

    /// The 128 bits of a `uuid`, or nil for null.
    public func uuidOrNil(_ column: some PostgresColumnReference) throws(PostgresError) -> (high: UInt64, low: UInt64)?
    {
        try decode(column, as: "uuid") { type, bytes in
            guard type == .uuid, bytes.count == 16 else { return nil }
            var reader = BinaryReader(bytes)
            guard let high = reader.integer(UInt64.self), let low = reader.integer(UInt64.self) else { return nil }
            return (high, low)
        }
    }

    /// A `timestamptz` in microseconds since 1970-01-01 UTC; throws a decode error for null.
    public func timestamptz(_ column: some PostgresColumnReference) throws(PostgresError) -> Int64 {
        try required(column, as: "timestamptz", timestamptzOrNil(column))
    }

    /// A `timestamptz` in microseconds since 1970-01-01 UTC, or nil for null.
    public func timestamptzOrNil(_ column: some PostgresColumnReference) throws(PostgresError) -> Int64? {
        try decode(column, as: "timestamptz") { type, bytes in
            [.timestamptz].contains(type) ? BinaryValue.timestamptz(bytes) : nil
        }
    }

    /// An `interval` in microseconds; throws a decode error for null.
    public func interval(_ column: some PostgresColumnReference) throws(PostgresError) -> Int64 {
        try required(column, as: "interval without days and months", intervalOrNil(column))
    }

    /// An `interval` in microseconds, or nil for null.
    public func intervalOrNil(_ column: some PostgresColumnReference) throws(PostgresError) -> Int64? {
        try decode(column, as: "interval without days and months") { type, bytes in
            [.interval].contains(type) ? BinaryValue.interval(bytes) : nil
        }
    }

    /// The JSON text of a `jsonb` or `json`, in UTF-8; throws a decode error for null.
    public func jsonb(_ column: some PostgresColumnReference) throws(PostgresError) -> [UInt8] {
        try required(column, as: "jsonb or json", jsonbOrNil(column))
    }

    /// The JSON text of a `jsonb` or `json`, in UTF-8, or nil for null.
    public func jsonbOrNil(_ column: some PostgresColumnReference) throws(PostgresError) -> [UInt8]? {
        try decode(column, as: "jsonb or json") { type, bytes in
            switch type {
            case .jsonb: BinaryValue.jsonb(bytes)
            case .json: bytes
            default: nil
            }
        }
    }
}
