// The server's types by their fixed object ids (src/include/catalog/pg_type.dat), with names for error messages.

/// A type of the server.
public struct PostgresType: Sendable, Hashable, CustomStringConvertible {
    public let oid: UInt32
    public init(oid: UInt32) { self.oid = oid }

    public static let unspecified = PostgresType(oid: 0)
    public static let bool = PostgresType(oid: 16)
    public static let bytea = PostgresType(oid: 17)
    public static let char = PostgresType(oid: 18)
    public static let name = PostgresType(oid: 19)
    public static let int64 = PostgresType(oid: 20)
    public static let int16 = PostgresType(oid: 21)
    public static let int32 = PostgresType(oid: 23)
    public static let text = PostgresType(oid: 25)
    public static let oid = PostgresType(oid: 26)
    public static let json = PostgresType(oid: 114)
    public static let float32 = PostgresType(oid: 700)
    public static let float64 = PostgresType(oid: 701)
    public static let unknown = PostgresType(oid: 705)
    public static let bpchar = PostgresType(oid: 1042)
    public static let varchar = PostgresType(oid: 1043)
    public static let date = PostgresType(oid: 1082)
    public static let timestamp = PostgresType(oid: 1114)
    public static let timestamptz = PostgresType(oid: 1184)
    public static let interval = PostgresType(oid: 1186)
    public static let numeric = PostgresType(oid: 1700)
    public static let void = PostgresType(oid: 2278)
    public static let uuid = PostgresType(oid: 2950)
    public static let jsonb = PostgresType(oid: 3802)

    public static let boolArray = PostgresType(oid: 1000)
    public static let byteaArray = PostgresType(oid: 1001)
    public static let int16Array = PostgresType(oid: 1005)
    public static let int32Array = PostgresType(oid: 1007)
    public static let textArray = PostgresType(oid: 1009)
    public static let int64Array = PostgresType(oid: 1016)
    public static let float64Array = PostgresType(oid: 1022)
    public static let timestamptzArray = PostgresType(oid: 1185)
    public static let uuidArray = PostgresType(oid: 2951)
    public static let jsonbArray = PostgresType(oid: 3807)

    private static let names: [PostgresType: String] = [
        .unspecified: "unspecified", .bool: "boolean", .bytea: "bytea", .char: "\"char\"", .name: "name",
        .int64: "bigint", .int16: "smallint", .int32: "integer", .text: "text", .oid: "oid", .json: "json",
        .float32: "real", .float64: "double precision", .unknown: "unknown", .bpchar: "character",
        .varchar: "character varying", .date: "date", .timestamp: "timestamp", .timestamptz: "timestamptz",
        .interval: "interval", .numeric: "numeric", .void: "void", .uuid: "uuid", .jsonb: "jsonb",
        .boolArray: "boolean[]", .byteaArray: "bytea[]", .int16Array: "smallint[]", .int32Array: "integer[]",
        .textArray: "text[]", .int64Array: "bigint[]", .float64Array: "double precision[]",
        .timestamptzArray: "timestamptz[]", .uuidArray: "uuid[]", .jsonbArray: "jsonb[]",
    ]

    public var description: String { Self.names[self] ?? "type with oid \(oid)" }
}
