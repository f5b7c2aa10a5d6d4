// PostgreSQL's binary formats, written: big-endian integers, IEEE 754 bits, and arrays with their header
// (src/backend/utils/adt/arrayfuncs.c, array_recv). Times count from 2000-01-01 on the wire.

/// Microseconds from 1970-01-01 to 2000-01-01 UTC.
let postgresEpochMicroseconds: Int64 = 946_684_800_000_000

/// Appends values in binary format.
struct BinaryWriter {
    var bytes: [UInt8] = []

    mutating func integer<I: FixedWidthInteger>(_ value: I) {
        var shift = I.bitWidth
        while shift > 0 {
            shift -= 8
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    /// The value itself, without a length in front; false for null, which has none.
    mutating func value(_ value: PostgresValue) -> Bool {
        switch value {
        case .null: return false
        case .bool(let value): bytes.append(value ? 1 : 0)
        case .int16(let value): integer(value)
        case .int32(let value): integer(value)
        case .int64(let value): integer(value)
        case .float64(let value): integer(value.bitPattern)
        case .text(let value): bytes.append(contentsOf: value.utf8)
        case .bytea(let value): bytes.append(contentsOf: value)
        case .uuid(let high, let low):
            integer(high)
            integer(low)
        case .timestamptz(let value): integer(value - postgresEpochMicroseconds)
        case .interval(let value):
            integer(value)
            integer(Int64(0))  // days and months
        case .jsonb(let value): jsonb(value)
        case .boolArray(let all): array(all, of: .bool) { $0.bytes.append($1 ? 1 : 0) }
        case .int16Array(let all): array(all, of: .int16) { $0.integer($1) }
        case .int32Array(let all): array(all, of: .int32) { $0.integer($1) }
        case .int64Array(let all): array(all, of: .int64) { $0.integer($1) }
        case .float64Array(let all): array(all, of: .float64) { $0.integer($1.bitPattern) }
        case .textArray(let all): array(all, of: .text) { $0.bytes.append(contentsOf: $1.utf8) }
        case .byteaArray(let all): array(all, of: .bytea) { $0.bytes.append(contentsOf: $1) }
        case .timestamptzArray(let all):
            array(all, of: .timestamptz) { $0.integer($1 - postgresEpochMicroseconds) }
        case .jsonbArray(let all): array(all, of: .jsonb) { $0.jsonb($1) }
        }
        return true
    }

    /// The value with its length in front, as arrays and COPY rows hold it; -1 for null.
    mutating func framed(_ value: PostgresValue) {
        let start = bytes.count
        integer(Int32(-1))
        if self.value(value) { setLength(at: start) }
    }

    private mutating func jsonb(_ value: [UInt8]) {
        bytes.append(1)  // version of the binary format
        bytes.append(contentsOf: value)
    }

    private mutating func array<T>(_ all: [T?], of type: PostgresType, _ write: (inout BinaryWriter, T) -> Void) {
        integer(Int32(all.isEmpty ? 0 : 1))
        integer(Int32(all.contains { $0 == nil } ? 1 : 0))
        integer(type.oid)
        if all.isEmpty { return }
        integer(Int32(all.count))
        integer(Int32(1))  // lower bound
        bytes.reserveCapacity(bytes.count + 12 * all.count)
        for element in all {
            let start = bytes.count
            integer(Int32(-1))
            if let element {
                write(&self, element)
                setLength(at: start)
            }
        }
    }

    /// Writes the number of bytes after a four-byte length into it.
    private mutating func setLength(at start: Int) {
        let length = UInt32(bytes.count - start - 4)
        for index in 0..<4 { bytes[start + index] = UInt8(truncatingIfNeeded: length >> (24 - 8 * UInt32(index))) }
    }
}

extension PostgresValue {
    /// The binary format, or nil for null.
    func encoded() -> [UInt8]? {
        var writer = BinaryWriter()
        return writer.value(self) ? writer.bytes : nil
    }
}
