// Parameters of statements: each Swift case names one type of the server, so that the server never has to guess.

/// A parameter. Array elements may be nil.
public enum PostgresValue: Sendable, Hashable {
    /// SQL null of a type.
    case null(PostgresType)
    case bool(Bool)
    /// `smallint`
    case int16(Int16)
    /// `integer`
    case int32(Int32)
    /// `bigint`
    case int64(Int64)
    /// `double precision`
    case float64(Double)
    /// `text`; must not contain the character U+0000, which the server refuses.
    case text(String)
    case bytea([UInt8])
    /// The 128 bits in network order.
    case uuid(high: UInt64, low: UInt64)
    /// Microseconds since 1970-01-01 UTC.
    case timestamptz(Int64)
    /// An interval without days or months, in microseconds.
    case interval(microseconds: Int64)
    /// JSON text in UTF-8.
    case jsonb([UInt8])

    case boolArray([Bool?])
    case int16Array([Int16?])
    case int32Array([Int32?])
    case int64Array([Int64?])
    case float64Array([Double?])
    case textArray([String?])
    case byteaArray([[UInt8]?])
    /// Microseconds since 1970-01-01 UTC.
    case timestamptzArray([Int64?])
    /// JSON texts in UTF-8.
    case jsonbArray([[UInt8]?])

    /// JSON text.
    public static func json(_ text: String) -> PostgresValue { .jsonb(Array(text.utf8)) }

    /// The value, or null of its type.
    public static func optional<T>(
        _ value: T?,
        _ type: PostgresType,
        _ make: (T) -> PostgresValue
    ) -> PostgresValue {
        value.map(make) ?? .null(type)
    }

    /// The server's type of this parameter.
    public var type: PostgresType {
        switch self {
        case .null(let type): type
        case .bool: .bool
        case .int16: .int16
        case .int32: .int32
        case .int64: .int64
        case .float64: .float64
        case .text: .text
        case .bytea: .bytea
        case .uuid: .uuid
        case .timestamptz: .timestamptz
        case .interval: .interval
        case .jsonb: .jsonb
        case .boolArray: .boolArray
        case .int16Array: .int16Array
        case .int32Array: .int32Array
        case .int64Array: .int64Array
        case .float64Array: .float64Array
        case .textArray: .textArray
        case .byteaArray: .byteaArray
        case .timestamptzArray: .timestamptzArray
        case .jsonbArray: .jsonbArray
        }
    }
}
