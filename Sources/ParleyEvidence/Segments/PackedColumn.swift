// A column of whole numbers in as few bytes each as their spread needs: width, least value, then each value's distance
// from it, little-endian. What is left of regularity is the compressor's.

import ParleyModel

enum PackedColumn {
    /// Appends a column.
    static func append(_ values: [Int64], to bytes: inout [UInt8]) {
        let least = values.min() ?? 0
        let spread = UInt64(bitPattern: (values.max() ?? 0) &- least)
        let width = spread == 0 ? 0 : spread <= 0xFF ? 1 : spread <= 0xFFFF ? 2 : spread <= 0xFFFF_FFFF ? 4 : 8
        bytes.append(UInt8(width))
        append(UInt64(bitPattern: least), width: 8, to: &bytes)
        bytes.reserveCapacity(bytes.count + values.count * width)
        for value in values { append(UInt64(bitPattern: value &- least), width: width, to: &bytes) }
    }

    static func append(_ value: UInt64, width: Int, to bytes: inout [UInt8]) {
        for place in 0..<width { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * place))) }
    }
}

/// Reads what was packed, from the front. Every read is checked against what is left.
struct PackedReader {
    private let bytes: [UInt8]
    private(set) var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    static var cutOff: ParleyFailure { ParleyFailure(.failure, "a segment of outcomes is damaged: it ends too early") }

    mutating func number(width: Int) throws(ParleyFailure) -> UInt64 {
        try need(width)
        var value: UInt64 = 0
        for place in 0..<width { value |= UInt64(bytes[position + place]) << UInt64(8 * place) }
        position += width
        return value
    }

    mutating func text() throws(ParleyFailure) -> String {
        let length = Int(try number(width: 2))
        try need(length)
        defer { position += length }
        return String(decoding: bytes[position..<(position + length)], as: UTF8.self)
    }

    /// A column of `count` values.
    mutating func column(_ count: Int) throws(ParleyFailure) -> [Int64] {
        let width = Int(try number(width: 1))
        let least = Int64(bitPattern: try number(width: 8))
        switch width {
        case 0: return [Int64](repeating: least, count: count)
        case 1: return try values(UInt8.self, count, from: least)
        case 2: return try values(UInt16.self, count, from: least)
        case 4: return try values(UInt32.self, count, from: least)
        case 8: return try values(UInt64.self, count, from: least)
        default: throw ParleyFailure(.failure, "a segment of outcomes is damaged: a column has width \(width)")
        }
    }

    private mutating func values<Word: UnsignedInteger & FixedWidthInteger & BitwiseCopyable>(
        _: Word.Type,
        _ count: Int,
        from least: Int64
    ) throws(ParleyFailure) -> [Int64] {
        let size = MemoryLayout<Word>.size
        try need(count * size)
        let start = position
        position += count * size
        return bytes.withUnsafeBytes { raw in
            [Int64](unsafeUninitializedCapacity: count) { target, initialized in
                for index in 0..<count {
                    let place = start + index * size
                    let word = Word(littleEndian: raw.loadUnaligned(fromByteOffset: place, as: Word.self))
                    target.initializeElement(at: index, to: least &+ Int64(truncatingIfNeeded: word))
                }
                initialized = count
            }
        }
    }

    private func need(_ count: Int) throws(ParleyFailure) {
        guard count >= 0, bytes.count - position >= count else { throw Self.cutOff }
    }
}
