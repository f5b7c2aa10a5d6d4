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

    /// The rows of the next chunk, each with one value in binary format a column, nil for null.
    /// - Throws: a decode error when the bytes are not whole rows of this format
    public mutating func rows(_ chunk: [UInt8]) throws(PostgresError) -> [[[UInt8]?]] {
        var reader = BinaryReader(chunk)
        if !begun {
            guard let head = reader.take(BinaryCopyWriter.signature.count), head == BinaryCopyWriter.signature else {
                throw .decode("The COPY does not begin with the signature of the binary format.")
            }
            begun = true
        }
        var rows: [[[UInt8]?]] = []
        while reader.left > 0 {
            guard let count = reader.integer(Int16.self) else { throw Self.cutOff }
            if count < 0 { break }
            var fields: [[UInt8]?] = []
            for _ in 0..<count {
                guard let length = reader.integer(Int32.self) else { throw Self.cutOff }
                if length < 0 {
                    fields.append(nil)
                } else {
                    guard let field = reader.take(Int(length)) else { throw Self.cutOff }
                    fields.append(field)
                }
            }
            rows.append(fields)
        }
        return rows
    }

    private static var cutOff: PostgresError { .decode("The COPY ends within a row.") }
}
