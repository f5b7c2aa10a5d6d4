// What compressed streams within some bytes hold, wherever they begin: Zstandard frames, gzip members, and the entries of
// ZIP archives. A search of raw bytes does not see into them. Written against the libraries themselves, so that it finds
// what Parley's own readers would pass over.

import CZlib
import CZstd
import Foundation

enum Inflated {
    private static let sizeLimit = 64 << 20
    private static let piece = 1 << 16

    /// The contents of all streams, and of the streams within them.
    static func contents(of data: Data, depth: Int = 2) -> [Data] {
        guard depth > 0 else { return [] }
        let bytes = [UInt8](data)
        let found =
            places(of: [0x28, 0xB5, 0x2F, 0xFD], in: bytes).map { zstd(bytes[$0...]) }
            + places(of: [0x1F, 0x8B, 0x08], in: bytes).map { zlib(bytes[$0...], windowBits: 31) }
            + places(of: [0x50, 0x4B, 0x03, 0x04], in: bytes).map { zipEntry(bytes[$0...]) }
        let contents = found.filter { !$0.isEmpty }
        return contents + contents.flatMap { Self.contents(of: $0, depth: depth - 1) }
    }

    private static func places(of mark: [UInt8], in bytes: [UInt8]) -> [Int] {
        bytes.withUnsafeBytes { all in
            var places: [Int] = []
            var start = 0
            while let base = all.baseAddress, start + mark.count <= all.count,
                let hit = memchr(base + start, Int32(mark[0]), all.count - start - mark.count + 1)
            {
                if memcmp(hit, mark, mark.count) == 0 { places.append(UnsafeRawPointer(hit) - base) }
                start = UnsafeRawPointer(hit) - base + 1
            }
            return places
        }
    }

    /// Whatever comes before the end of the frame, or before what is no frame after all.
    private static func zstd(_ bytes: ArraySlice<UInt8>) -> Data {
        let context = ZSTD_createDCtx()
        defer { ZSTD_freeDCtx(context) }
        return bytes.withUnsafeBytes { source in
            var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
            return grown { target in
                let before = input.pos
                var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
                let code = ZSTD_decompressStream(context, &output, &input)
                let isOver = code == 0 || ZSTD_isError(code) != 0 || (output.pos == 0 && input.pos == before)
                return (output.pos, isOver)
            }
        }
    }

    private static func zlib(_ bytes: ArraySlice<UInt8>, windowBits: Int32) -> Data {
        var stream = z_stream()
        guard inflateInit2_(&stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            return Data()
        }
        defer { inflateEnd(&stream) }
        var input = Array(bytes)
        return input.withUnsafeMutableBufferPointer { source in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(clamping: source.count)
            return grown { target in
                stream.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
                stream.avail_out = UInt32(target.count)
                let code = inflate(&stream, Z_NO_FLUSH)
                return (target.count - Int(stream.avail_out), code != Z_OK)
            }
        }
    }

    /// An entry that is deflated; what is stored or a Zstandard frame is found as it is.
    private static func zipEntry(_ bytes: ArraySlice<UInt8>) -> Data {
        guard bytes.count > 30 else { return Data() }
        let number = { (place: Int) in
            Int(bytes[bytes.startIndex + place]) | Int(bytes[bytes.startIndex + place + 1]) << 8
        }
        let start = bytes.startIndex + 30 + number(26) + number(28)
        guard number(8) == 8, start < bytes.endIndex else { return Data() }
        return zlib(bytes[start...], windowBits: -15)
    }

    /// Bytes that are made piece by piece, until they are over.
    private static func grown(_ next: (UnsafeMutableRawBufferPointer) -> (count: Int, isOver: Bool)) -> Data {
        var data = Data()
        var buffer = [UInt8](repeating: 0, count: piece)
        while data.count < sizeLimit {
            let (count, isOver) = buffer.withUnsafeMutableBytes { next($0) }
            data.append(contentsOf: buffer[..<count])
            if isOver { break }
        }
        return data
    }
}
