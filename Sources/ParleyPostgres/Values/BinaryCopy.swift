// PostgreSQL's binary COPY format (manual, page of COPY, "Binary Format"): a signature, then for each row a count of
// fields and for each field a length and its binary value, then a count of -1.

/// Writes rows for `COPY … FROM STDIN (FORMAT BINARY)`.
///
/// ```swift
/// var writer = BinaryCopyWriter()
/// writer.row([.int64(1), .text("a")])
/// writer.finish()
/// let chunk = writer.take()
/// ```
public struct BinaryCopyWriter: Sendable {
    static let signature: [UInt8] = Array("PGCOPY\n".utf8) + [0xff, 0x0d, 0x0a, 0x00] + [UInt8](repeating: 0, count: 8)

    private var writer = BinaryWriter()

    public init() { writer.bytes = Self.signature }

    /// Bytes that wait to be taken; send a chunk when it is some 64 KiB.
    public var byteCount: Int { writer.bytes.count }

    /// Appends a row. The values' types must be exactly those of the columns.
    public mutating func row(_ values: [PostgresValue]) {
        writer.integer(Int16(values.count))
        for value in values { writer.framed(value) }
    }

    /// Appends the end of the data.
    public mutating func finish() { writer.integer(Int16(-1)) }

    /// Takes the bytes written so far.
    public mutating func take() -> [UInt8] {
        let bytes = writer.bytes
        writer.bytes.removeAll(keepingCapacity: false)
        return bytes
    }
}

/// Reads the chunks of `COPY … TO STDOUT (FORMAT BINARY)` in the order in which `copyOut` hands them out.
public struct BinaryCopyReader: Sendable {
    private var begun = false

    public init() {}

    /// Hands the rows of the next chunk to `body`, which takes the fields from the front; what it leaves is skipped.
    /// - Throws: what `body` throws; a decode error when the bytes are not whole rows of this format
    public mutating func forEachRow(_ chunk: [UInt8], _ body: (inout BinaryCopyRow) throws -> Void) throws {
        var row = BinaryCopyRow(chunk)
        if !begun {
            guard chunk.starts(with: BinaryCopyWriter.signature) else {
                throw PostgresError.decode("The COPY does not begin with the signature of the binary format.")
            }
            row.position = BinaryCopyWriter.signature.count
            begun = true
        }
        while row.position < chunk.count {
            row.fields = Int(try row.load(Int16.self))
            if row.fields < 0 { break }
            try body(&row)
            while row.fields > 0 { _ = try row.bytesOrNil() }
        }
    }
}

/// A row of a binary COPY, read field by field from the left. Each read is checked against the field's width.
public struct BinaryCopyRow {
    private let bytes: [UInt8]
    fileprivate var position = 0
    /// Fields not yet read.
    fileprivate var fields = 0

    fileprivate init(_ bytes: [UInt8]) { self.bytes = bytes }

    public mutating func int16() throws(PostgresError) -> Int16 { try required() }
    public mutating func int32() throws(PostgresError) -> Int32 { try required() }
    public mutating func int64() throws(PostgresError) -> Int64 { try required() }
    public mutating func int64OrNil() throws(PostgresError) -> Int64? { try optional() }

    /// Microseconds since 1970; the server's infinities stay at the ends of the range.
    public mutating func timestamptz() throws(PostgresError) -> Int64 { BinaryValue.timestamptz(wire: try required()) }

    /// The bytes of a field of any type; nil for null.
    public mutating func bytesOrNil() throws(PostgresError) -> ArraySlice<UInt8>? {
        guard let length = try length() else { return nil }
        guard bytes.count - position >= length else { throw Self.cutOff }
        defer { position += length }
        return bytes[position..<(position + length)]
    }

    private mutating func required<I: FixedWidthInteger & BitwiseCopyable>() throws(PostgresError) -> I {
        guard let value: I = try optional() else { throw .decode("A field of the COPY is null.") }
        return value
    }

    private mutating func optional<I: FixedWidthInteger & BitwiseCopyable>() throws(PostgresError) -> I? {
        guard let length = try length() else { return nil }
        guard length == MemoryLayout<I>.size else {
            throw .decode("A field of the COPY has \(length) bytes, not \(MemoryLayout<I>.size).")
        }
        return try load(I.self)
    }

    /// The length of the next field; nil for null.
    private mutating func length() throws(PostgresError) -> Int? {
        guard fields > 0 else { throw .decode("A row of the COPY has too few fields.") }
        fields -= 1
        let length = Int(try load(Int32.self))
        return length < 0 ? nil : length
    }

    @inline(__always)
    fileprivate mutating func load<I: FixedWidthInteger & BitwiseCopyable>(_: I.Type) throws(PostgresError) -> I {
        guard bytes.count - position >= MemoryLayout<I>.size else { throw Self.cutOff }
        defer { position += MemoryLayout<I>.size }
        // Unsafe only in that any bytes are taken for an integer, which they are.
        return unsafe I(bigEndian: bytes.span.bytes.unsafeLoadUnaligned(fromByteOffset: position, as: I.self))
    }

    private static var cutOff: PostgresError { .decode("The COPY ends within a row.") }
}
