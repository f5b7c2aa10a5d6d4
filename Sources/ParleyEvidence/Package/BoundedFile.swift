// Reading a file whose size nobody vouches for: a regular file, no more bytes than a limit, and no links where the file
// belongs to a hostile folder.

import Foundation
public import ParleyModel

enum BoundedFile {
    /// The content of a regular file.
    static func read(_ path: String, limit: Int, followsLinks: Bool = true) throws(ParleyFailure) -> [UInt8] {
        let flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC | (followsLinks ? 0 : O_NOFOLLOW)
        let descriptor = open(path, flags)
        guard descriptor >= 0 else {
            let reason = errno == ELOOP ? "it is a link" : String(cString: strerror(errno))
            throw ParleyFailure(.invalidInput, "\(path) cannot be read: \(reason).")
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw ParleyFailure(.invalidInput, "\(path) is no regular file.")
        }
        guard status.st_size <= limit else {
            throw ParleyFailure(.invalidInput, "\(path) has \(status.st_size) bytes; at most \(limit) are read.")
        }
        do { return Array(try handle.read(upToCount: Int(status.st_size)) ?? Data()) } catch {
            throw ParleyFailure(.failure, "\(path) cannot be read: \(error.localizedDescription)")
        }
    }
}

extension PublicKey {
    /// Reads the file that a party handed over.
    public init(file: String) throws(ParleyFailure) {
        let bytes = try BoundedFile.read(file, limit: 64 << 10)
        do {
            try self.init(json: JSONValue(parsing: bytes))
        } catch {
            throw ParleyFailure(
                .invalidInput,
                "\(file) is no public key: \((error as? ParleyFailure)?.message ?? "\(error)")",
                remedy: "`parley key public FILE` writes one."
            )
        }
    }
}

extension DSSEEnvelope {
    /// Reads an envelope from a file.
    public init(file: String) throws(ParleyFailure) {
        let bytes = try BoundedFile.read(file, limit: Self.sizeLimit)
        do { try self.init(parsing: bytes) } catch { throw ParleyFailure(.invalidInput, "\(file): \(error.message)") }
    }
}
