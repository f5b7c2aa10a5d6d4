// A file that is read at any place, by any task: positioned reads share no state.

import Foundation
import ParleyModel

/// A file open for reading.
final class RandomAccessFile: Sendable {
    let path: String
    let size: UInt64
    private let descriptor: Int32

    init(path: String) throws(ParleyFailure) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(path, String(cString: strerror(errno))) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw Self.failure(path, "it is no plain file")
        }
        size = UInt64(status.st_size)
    }

    deinit { close(descriptor) }

    /// Exactly `count` bytes from an offset. Throws where the file ends before.
    func read(at offset: UInt64, count: Int) throws(ParleyFailure) -> [UInt8] {
        guard count >= 0, offset <= size, UInt64(count) <= size - offset else {
            throw Self.failure(path, "it ends too early")
        }
        return try Self.read(descriptor, offset, count, path)
    }

    static func read(_ descriptor: Int32, _ offset: UInt64, _ count: Int, _ path: String)
        throws(ParleyFailure) -> [UInt8]
    {
        var error = ""
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            while initialized < count {
                let got = pread(
                    descriptor,
                    buffer.baseAddress.map { $0 + initialized },
                    count - initialized,
                    off_t(offset) + off_t(initialized)
                )
                if got < 0, errno == EINTR { continue }
                if got <= 0 {
                    error = got < 0 ? String(cString: strerror(errno)) : "it ends too early"
                    return
                }
                initialized += got
            }
        }
        guard bytes.count == count else { throw failure(path, error) }
        return bytes
    }

    private static func failure(_ path: String, _ reason: String) -> ParleyFailure {
        ParleyFailure(.invalidInput, "\(path) cannot be read: \(reason)")
    }
}
