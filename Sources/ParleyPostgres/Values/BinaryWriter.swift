// PostgreSQL's binary formats, written: big-endian integers, IEEE 754 bits, and arrays with their header
// (src/backend/utils/adt/arrayfuncs.c, array_recv). Times count from 2000-01-01 on the wire.

/// Microseconds from 1970-01-01 to 2000-01-01 UTC.
let postgresEpochMicroseconds: Int64 = 946_684_800_000_000

/// Appends values in binary format.
struct BinaryWriter {
    var bytes: [UInt8] = []

    mutating func integer<I: FixedWidthInteger & BitwiseCopyable>(_ value: I) {
        // Unsafe only in that an integer is taken for its bytes.
        unsafe withUnsafeBytes(of: value.bigEndian) { unsafe bytes.append(contentsOf: $0) }
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
        case .int16Array(let all): integers(all, of: .int16)
        case .int32Array(let all): integers(all, of: .int32)
        case .int64Array(let all): integers(all, of: .int64)
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

    /// An array's head; false for an empty array, which is its head.
    private mutating func arrayHead<T>(_ all: [T?], of type: PostgresType, hasNulls: Bool) -> Bool {
        integer(Int32(all.isEmpty ? 0 : 1))
        integer(Int32(hasNulls ? 1 : 0))
        integer(type.oid)
        if all.isEmpty { return false }
        integer(Int32(all.count))
        integer(Int32(1))  // lower bound
        return true
    }

    /// An array of integers. Without nulls every element has its place, and all are written into room made once.
    private mutating func integers<I: FixedWidthInteger & BitwiseCopyable>(_ all: [I?], of type: PostgresType) {
        guard all.allSatisfy({ $0 != nil }) else { return array(all, of: type) { $0.integer($1) } }
        guard arrayHead(all, of: type, hasNulls: false) else { return }
        let width = MemoryLayout<I>.size
        var place = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: all.count * (4 + width)))
        var span = bytes.mutableSpan
        // Unsafe only in that bytes are taken for integers, which they are.
        var raw = unsafe span.mutableBytes
        for element in all {
            raw.storeBytes(of: Int32(width).bigEndian, toByteOffset: place, as: Int32.self)
            raw.storeBytes(of: (element ?? 0).bigEndian, toByteOffset: place + 4, as: I.self)
            place += 4 + width
        }
    }

    private mutating func array<T>(_ all: [T?], of type: PostgresType, _ write: (inout BinaryWriter, T) -> Void) {
        guard arrayHead(all, of: type, hasNulls: all.contains { $0 == nil }) else { return }
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
