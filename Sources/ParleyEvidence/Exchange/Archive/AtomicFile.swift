// A file that is there whole or not at all: written beside its name, flushed to the disk, then renamed. What is not
// committed leaves nothing behind.

import Foundation
import ParleyModel

/// A file that is being written.
final class AtomicFile {
    private static let bufferLimit = 1 << 20

    let path: String
    private let partial: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    /// Bytes before the buffer.
    private var flushed: UInt64 = 0
    private var isOpen = true

    /// Begins a file, and makes the folders above it.
    init(path: String) throws(ParleyFailure) {
        let url = URL(fileURLWithPath: path)
        let folder = url.deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw ParleyFailure(.failure, "The folder \(folder.path) cannot be made: \(error.localizedDescription)")
        }
        self.path = path
        partial = folder.appendingPathComponent(".\(url.lastPathComponent).\(getpid()).part").path
        descriptor = open(partial, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.failure(path) }
    }

    deinit { abandon() }

    /// The number of bytes written until now.
    var position: UInt64 { flushed + UInt64(buffer.count) }

    func write(_ bytes: some Sequence<UInt8>) throws(ParleyFailure) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.bufferLimit { try flush() }
    }

    /// Writes over bytes that were written before.
    func overwrite(_ bytes: [UInt8], at offset: UInt64) throws(ParleyFailure) {
        try flush()
        try put(bytes, at: offset)
    }

    /// Hands over what was written, piece by piece.
    func read(_ body: ([UInt8]) throws(ParleyFailure) -> Void) throws(ParleyFailure) {
        try flush()
        var offset: UInt64 = 0
        while offset < flushed {
            let piece = try RandomAccessFile.read(
                descriptor,
                offset,
                Int(min(flushed - offset, UInt64(Self.bufferLimit))),
                path
            )
            try body(piece)
            offset += UInt64(piece.count)
        }
    }

    /// Puts the file in its place, over one of the same name.
    func commit() throws(ParleyFailure) {
        try flush()
        guard fsync(descriptor) == 0, rename(partial, path) == 0 else { throw Self.failure(path) }
        isOpen = false
        close(descriptor)
    }

    /// Removes what was written.
    func abandon() {
        guard isOpen else { return }
        isOpen = false
        close(descriptor)
        unlink(partial)
    }

    private func flush() throws(ParleyFailure) {
        try put(buffer, at: flushed)
        flushed += UInt64(buffer.count)
        buffer.removeAll(keepingCapacity: true)
    }

    private func put(_ bytes: [UInt8], at offset: UInt64) throws(ParleyFailure) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { raw in
                pwrite(descriptor, raw.baseAddress.map { $0 + done }, raw.count - done, off_t(offset) + off_t(done))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure(path) }
            done += count
        }
    }

    private static func failure(_ path: String) -> ParleyFailure {
        ParleyFailure(
            .failure,
            "\(path) cannot be written: \(String(cString: strerror(errno)))",
            remedy: "Look at the folder's rights and the disk's room, or name another folder."
        )
    }
}
