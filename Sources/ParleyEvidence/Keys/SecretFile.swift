// Files that only their owner may read: made with mode 0600, and refused when they are wider than that.

import Foundation
import ParleyModel

enum SecretFile {
    private static let sizeLimit = 64 << 10

    /// Writes a new file with mode 0600. Throws where it is there already.
    static func create(_ path: String, _ bytes: [UInt8]) throws(ParleyFailure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw ParleyFailure(
                .failure,
                "\(path) cannot be created: \(reason).",
                remedy: "A key is never written over another: choose a file that is not there."
            )
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try handle.write(contentsOf: Data(bytes))
            try handle.synchronize()
        } catch { throw ParleyFailure(.failure, "\(path) cannot be written: \(error.localizedDescription)") }
    }

    /// The content of a file that nobody but its owner may read.
    static func read(_ path: String, remedy: String) throws(ParleyFailure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw ParleyFailure(.invalidInput, "\(path) cannot be read: \(reason).", remedy: remedy)
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw ParleyFailure(.invalidInput, "\(path) is no regular file.", remedy: remedy)
        }
        guard status.st_mode & 0o077 == 0 else {
            throw ParleyFailure(
                .invalidInput,
                "\(path) can be read or written by others (mode \(String(status.st_mode & 0o777, radix: 8))).",
                remedy: "Run `chmod 600 \(path)`; if others could read it until now, make a new key."
            )
        }
        do {
            let data = try handle.read(upToCount: sizeLimit + 1) ?? Data()
            guard data.count <= sizeLimit else {
                throw ParleyFailure(.invalidInput, "\(path) is too large to be a key.", remedy: remedy)
            }
            return Array(data)
        } catch let failure as ParleyFailure {
            throw failure
        } catch { throw ParleyFailure(.failure, "\(path) cannot be read: \(error.localizedDescription)") }
    }
}
