// The records of a ZIP archive (PKWARE's APPNOTE 6.3.10), as far as logs need them. A 32-bit field that is too small
// holds the sentinel of all ones, and a ZIP64 extra field or record holds the value.

/// How a member is packed.
enum ZipMethod: UInt16, Sendable {
    case stored = 0
    case deflated = 8
    case zstandard = 93
}

/// One member as the directory lists it.
struct ZipEntry: Hashable, Sendable {
    /// As bytes: Swift takes two spellings of an accent for one string, an archive does not.
    var name: [UInt8]
    var method: UInt16
    var isEncrypted = false
    var checksum: UInt32
    var packedSize: UInt64
    var size: UInt64
    /// Of its local header.
    var offset: UInt64

    /// The fixed parts of the two headers of a member, without its name.
    static let localHeaderSize = 30
    static let directoryEntrySize = 46
}

enum ZipSignature {
    static let local: UInt32 = 0x0403_4B50
    static let entry: UInt32 = 0x0201_4B50
    static let end: UInt32 = 0x0605_4B50
    static let wideEnd: UInt32 = 0x0606_4B50
    static let wideLocator: UInt32 = 0x0706_4B50
}

extension [UInt8] {
    /// Appends a number, little-endian.
    mutating func put<Number: FixedWidthInteger>(_ number: Number) {
        for place in 0..<(Number.bitWidth / 8) {
            append(UInt8(truncatingIfNeeded: number >> Number(8 * place)))
        }
    }
}

extension Collection<UInt8> where Index == Int {
    /// The number at an offset from the start, little-endian; nil where it is cut off.
    func number<Number: FixedWidthInteger>(_ type: Number.Type, at offset: Int) -> Number? {
        guard offset >= 0, offset + Number.bitWidth / 8 <= count else { return nil }
        var value: Number = 0
        for place in 0..<(Number.bitWidth / 8) {
            value |= Number(truncatingIfNeeded: self[startIndex + offset + place]) << Number(8 * place)
        }
        return value
    }
}
