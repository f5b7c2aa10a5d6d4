// PostgreSQL's binary formats, read. Every read is checked against the bytes that are left: a wrong length is a decode
// error, never a trap.

/// Takes values off the front of a value's bytes.
struct BinaryReader {
    private let bytes: [UInt8]
    private(set) var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var left: Int { bytes.count - position }

    mutating func integer<I: FixedWidthInteger>(_: I.Type = I.self) -> I? {
        let width = I.bitWidth / 8
        guard left >= width else { return nil }
        var value: I = 0
        for byte in bytes[position..<(position + width)] { value = value << 8 | I(truncatingIfNeeded: byte) }
        position += width
        return value
    }

    mutating func take(_ count: Int) -> [UInt8]? {
        guard count >= 0, left >= count else { return nil }
        defer { position += count }
        return Array(bytes[position..<(position + count)])
    }

    mutating func rest() -> [UInt8] { take(left) ?? [] }

    /// The elements of a one-dimensional array in binary format; nil when the bytes are not one.
    mutating func array<T>(_ element: ([UInt8]) -> T?) -> [T?]? {
        guard let dimensions = integer(Int32.self), integer(Int32.self) != nil, integer(UInt32.self) != nil else {
            return nil
        }
        if dimensions == 0 { return [] }
        guard dimensions == 1, let count = integer(Int32.self), count >= 0, integer(Int32.self) != nil else {
            return nil
        }
        // Each element has four bytes at least, which bounds what a damaged count can reserve.
        guard left / 4 >= count else { return nil }
        var all: [T?] = []
        all.reserveCapacity(Int(count))
        for _ in 0..<count {
            guard let length = integer(Int32.self) else { return nil }
            if length < 0 {
                all.append(nil)
            } else {
                guard let piece = take(Int(length)), let value = element(piece) else { return nil }
                all.append(value)
            }
        }
        return all
    }
}

/// One value's bytes as a Swift value, or nil when the length or content is wrong.
enum BinaryValue {
    static func integer<I: FixedWidthInteger>(_ bytes: [UInt8]) -> I? {
        guard bytes.count == I.bitWidth / 8 else { return nil }
        var reader = BinaryReader(bytes)
        return reader.integer()
    }

    static func bool(_ bytes: [UInt8]) -> Bool? { bytes.count == 1 ? bytes[0] != 0 : nil }
    static func float64(_ bytes: [UInt8]) -> Double? { integer(bytes).map { Double(bitPattern: $0) } }
    static func float32(_ bytes: [UInt8]) -> Double? { integer(bytes).map { Double(Float(bitPattern: $0)) } }
    static func text(_ bytes: [UInt8]) -> String? { String(validating: bytes, as: UTF8.self) }
    static func jsonb(_ bytes: [UInt8]) -> [UInt8]? { bytes.first == 1 ? Array(bytes.dropFirst()) : nil }

    static func timestamptz(_ bytes: [UInt8]) -> Int64? { integer(bytes).map { timestamptz(wire: $0) } }

    /// Microseconds since 1970; the server's infinities stay at the ends of the range.
    static func timestamptz(wire: Int64) -> Int64 {
        let (sum, overflow) = wire.addingReportingOverflow(postgresEpochMicroseconds)
        if wire == .min { return .min }
        return overflow ? .max : sum
    }

    /// Microseconds of an interval without days and months; nil otherwise.
    static func interval(_ bytes: [UInt8]) -> Int64? {
        guard bytes.count == 16 else { return nil }
        var reader = BinaryReader(bytes)
        guard let time = reader.integer(Int64.self), reader.integer(Int64.self) == 0 else { return nil }
        return time
    }
}
