// A process's folder under the system's temporary one, in which each attempt of a program gets a folder of its own. The
// kernel drops its lock when the process dies, however it dies, and whoever makes the next removes what nobody holds:
// such a folder may have the prompts of a held-out suite in it.
//
// Invariant: the file `lock` of a folder is locked before it has that name; the descriptor is close-on-exec, so that no
// program keeps the lock alive.

import Foundation
import ParleyModel

/// Folders for attempts, gone with this object or after the process's death.
final class ScratchSpace: Sendable {
    private static let prefix = "parley-programs-"

    let path: String
    private let lock: Int32

    /// Makes the folder, and removes those of processes that have died.
    init(in base: String = FileManager.default.temporaryDirectory.path) throws(ParleyFailure) {
        Self.sweep(base)
        path = base + "/" + Self.prefix + UUID().uuidString.lowercased()
        try Self.make(path)
        guard let lock = Self.locked(path + "/new", flags: O_CREAT), unsafe rename(path + "/new", path + "/lock") == 0
        else {
            throw ParleyFailure(.failure, "\(path)/lock cannot be made: \(unsafe String(cString: strerror(errno)))")
        }
        self.lock = lock
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
        close(lock)
    }

    /// A new folder in it, for an attempt.
    func folder() throws(ParleyFailure) -> String {
        let folder = "\(path)/attempt-\(UUID().uuidString.lowercased())"
        try Self.make(folder)
        return folder
    }

    private static func make(_ path: String) throws(ParleyFailure) {
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw ParleyFailure(.failure, "\(path) cannot be made: \(error.localizedDescription)")
        }
    }

    private static func sweep(_ base: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: base)) ?? [] where name.hasPrefix(prefix) {
            guard let lock = locked("\(base)/\(name)/lock", flags: O_NOFOLLOW) else { continue }
            try? FileManager.default.removeItem(atPath: "\(base)/\(name)")
            close(lock)
        }
    }

    /// The file, locked by this process; nil where it cannot be opened, or another holds it.
    private static func locked(_ path: String, flags: Int32) -> Int32? {
        let descriptor = unsafe open(path, O_RDWR | O_CLOEXEC | flags, 0o600)
        guard descriptor >= 0 else { return nil }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return descriptor }
        close(descriptor)
        return nil
    }
}
