// The only file that calls zlib: raw deflate as ZIP archives hold it, and their CRC-32. Packing goes in pieces through
// one reused stream; unpacking is of whole buffers whose size is known and bounded beforehand.

private import CZlib
import ParleyModel

/// The CRC-32 of ZIP archives, as bytes come.
struct Checksum: Equatable {
    private(set) var value: UInt32 = 0

    mutating func add(_ bytes: [UInt8]) {
        value = bytes.withUnsafeBufferPointer { buffer in
            UInt32(truncatingIfNeeded: crc32_z(UInt(value), buffer.baseAddress, buffer.count))
        }
    }
}

/// Packs bytes that come in pieces.
final class Deflater {
    private static let bufferSize = 1 << 16
    private static let level: Int32 = 6

    /// zlib's state points back at it, so that it must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private var buffer = [UInt8](repeating: 0, count: Deflater.bufferSize)

    init() throws(ParleyFailure) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let code = deflateInit2_(
            stream,
            Self.level,
            Z_DEFLATED,
            -MAX_WBITS,
            8,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        guard code == Z_OK else { throw ParleyFailure(.failure, "zlib has no memory for a stream (\(code))") }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Packs a piece and hands over what comes of it; after the last one the next piece begins a new stream.
    func pack(_ bytes: [UInt8], isLast: Bool, _ take: (ArraySlice<UInt8>) throws(ParleyFailure) -> Void)
        throws(ParleyFailure)
    {
        var start = 0
        repeat {
            let end = min(bytes.count, start + (1 << 30))
            try pack(bytes, start..<end, isLast: isLast && end == bytes.count, take)
            start = end
        } while start < bytes.count
        if isLast { deflateReset(stream) }
    }

    private func pack(
        _ bytes: [UInt8],
        _ range: Range<Int>,
        isLast: Bool,
        _ take: (ArraySlice<UInt8>) throws(ParleyFailure) -> Void
    ) throws(ParleyFailure) {
        var done = range.lowerBound
        while true {
            let (code, made) = bytes.withUnsafeBufferPointer { input in
                buffer.withUnsafeMutableBufferPointer { output in
                    stream.pointee.next_in = input.baseAddress.map { UnsafeMutablePointer(mutating: $0 + done) }
                    stream.pointee.avail_in = UInt32(range.upperBound - done)
                    stream.pointee.next_out = output.baseAddress
                    stream.pointee.avail_out = UInt32(output.count)
                    let code = deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
                    done = range.upperBound - Int(stream.pointee.avail_in)
                    return (code, output.count - Int(stream.pointee.avail_out))
                }
            }
            guard code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR else {
                throw ParleyFailure(.failure, "zlib cannot compress (\(code))")
            }
            if made > 0 { try take(buffer[..<made]) }
            if isLast ? code == Z_STREAM_END : done == range.upperBound && made < buffer.count { return }
        }
    }
}

enum Inflate {
    /// The plain bytes of a whole deflate stream, which must be exactly `size`. The caller bounds the size.
    static func unpack(_ packed: [UInt8], size: Int) throws(ParleyFailure) -> [UInt8] {
        // A stream of zeros packs best, to 1032 : 1; a size beyond that is a lie.
        guard size <= packed.count * 1032 + 64, size < UInt32.max, packed.count < UInt32.max else { throw damaged }
        var stream = z_stream()
        guard inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw ParleyFailure(.failure, "zlib has no memory for a stream")
        }
        defer { inflateEnd(&stream) }
        var code = Z_OK
        // One byte more than stated shows a stream that goes on.
        let plain = [UInt8](unsafeUninitializedCapacity: size + 1) { output, initialized in
            packed.withUnsafeBufferPointer { input in
                stream.next_in = input.baseAddress.map { UnsafeMutablePointer(mutating: $0) }
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(size + 1)
                code = inflate(&stream, Z_FINISH)
                initialized = size + 1 - Int(stream.avail_out)
            }
        }
        guard code == Z_STREAM_END, plain.count == size else { throw damaged }
        return plain
    }

    private static var damaged: ParleyFailure {
        ParleyFailure(.invalidInput, "compressed data is damaged, or does not have the size that is stated")
    }
}
