// The only file that calls libzstd: whole buffers in, whole buffers out, with the size known and bounded beforehand.

private import CZstd
import ParleyModel
private import Synchronization

enum Zstd {
    /// Level 3: the default, and where transcripts stop getting much smaller for the time.
    static let level: Int32 = 3

    /// Contexts that nobody uses now: a new one costs more than compressing a short transcript.
    private static let idle = Mutex<[Context]>([])

    private struct Context: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    static func compress(_ plain: [UInt8]) throws(ParleyFailure) -> [UInt8] {
        guard let context = idle.withLock({ $0.popLast() }) ?? ZSTD_createCCtx().map(Context.init(pointer:)) else {
            throw ParleyFailure(.failure, "zstd has no memory for a context")
        }
        defer { idle.withLock { $0.append(context) } }
        var size = 0
        let frame = [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(plain.count)) { buffer, initialized in
            size = ZSTD_compressCCtx(
                context.pointer,
                buffer.baseAddress,
                buffer.count,
                plain,
                plain.count,
                level
            )
            initialized = ZSTD_isError(size) == 0 ? size : 0
        }
        guard ZSTD_isError(size) == 0 else { throw failure("compress", size) }
        return frame
    }

    static func decompress(_ frame: [UInt8], limit: Int) throws(ParleyFailure) -> [UInt8] {
        let stated = ZSTD_getFrameContentSize(frame, frame.count)
        guard stated <= UInt64(limit) else {
            throw ParleyFailure(.failure, "a stored blob is damaged, or opens to more than \(limit) bytes")
        }
        var size = 0
        let plain = [UInt8](unsafeUninitializedCapacity: Int(stated)) { buffer, initialized in
            size = ZSTD_decompress(buffer.baseAddress, buffer.count, frame, frame.count)
            initialized = ZSTD_isError(size) == 0 ? size : 0
        }
        guard ZSTD_isError(size) == 0 else { throw failure("decompress", size) }
        return plain
    }

    /// The plain bytes of one or more frames, which must be exactly `size`; a frame need not state its own. The caller
    /// bounds the size.
    static func decompress(_ frames: [UInt8], exactly size: Int) throws(ParleyFailure) -> [UInt8] {
        var code = 0
        let plain = [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
            code = ZSTD_decompress(buffer.baseAddress, buffer.count, frames, frames.count)
            initialized = ZSTD_isError(code) == 0 ? code : 0
        }
        guard ZSTD_isError(code) == 0, plain.count == size else {
            throw ParleyFailure(.invalidInput, "compressed data is damaged, or does not have the size that is stated")
        }
        return plain
    }

    private static func failure(_ verb: String, _ code: Int) -> ParleyFailure {
        let reason = ZSTD_getErrorName(code).map { String(cString: $0) } ?? "unknown error"
        return ParleyFailure(.failure, "zstd cannot \(verb) a blob: \(reason)")
    }
}
