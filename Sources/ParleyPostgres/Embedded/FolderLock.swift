// One Parley per state folder: an flock(2) on a lock file, which the kernel drops when its holder dies, however it
// dies. Invariant: the descriptor is close-on-exec, so that no child keeps the lock alive.

import Foundation

/// The lock of one state folder, held until it is released or the process ends.
final class FolderLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock.
    /// - Throws: an error of kind `held` that names the process that holds it
    init(folder: String) throws(PostgresError) {
        let path = folder + "/lock"
        let opened = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard opened >= 0 else {
            throw .usage("The lock file \(path) cannot be opened: \(unsafe String(cString: strerror(errno))).")
        }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            let holder = (try? String(contentsOfFile: path, encoding: .utf8))?.trimmed ?? ""
            close(opened)
            throw .held(
                "The state folder \(folder) is in use by process \(holder.isEmpty ? "(unknown)" : holder). "
                    + "Wait for it, stop it, or choose another folder."
            )
        }
        let text = Array("\(getpid())\n".utf8)
        _ = ftruncate(opened, 0)
        _ = unsafe pwrite(opened, text, text.count, 0)
        descriptor = opened
    }

    deinit { close(descriptor) }
}
