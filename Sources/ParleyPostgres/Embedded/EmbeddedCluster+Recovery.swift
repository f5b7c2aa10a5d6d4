// What an earlier run left behind. We hold the folder's lock here, so a server that still runs on this data belongs to
// an owner who is gone: it is shut down, and a lock file whose process is gone, or is another program by now, is removed.

import Foundation
import Logging

extension EmbeddedCluster {
    /// The process id of the server that runs on this data folder, if any.
    nonisolated func runningPostmaster() -> pid_t? {
        guard let text = try? String(contentsOfFile: dataFolder + "/postmaster.pid", encoding: .utf8),
            let line = text.split(separator: "\n").first, let process = pid_t(line.trimmingCharacters(in: .whitespaces))
        else { return nil }
        // The server's working folder is its data folder; a process id that was given again shows another one.
        let place = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/cwd")
        let data = URL(fileURLWithPath: dataFolder).resolvingSymlinksInPath().path
        return place == data ? process : nil
    }

    /// Ends a server that outlived its owner, and removes a lock file that nobody holds.
    /// - Throws: a usage error when that server does not end within a minute
    nonisolated func endLeftOver() throws(PostgresError) {
        let deadline = ContinuousClock.now + .seconds(60)
        if let postmaster = runningPostmaster() {
            logger.info("ending the server of an earlier run", metadata: ["process": "\(postmaster)"])
            kill(postmaster, SIGINT)
        }
        while let postmaster = runningPostmaster() {
            if ContinuousClock.now > deadline {
                throw .usage(
                    "PostgreSQL of an earlier run, process \(postmaster), does not end; stop it (kill -QUIT \(postmaster))."
                )
            }
            Thread.sleep(forTimeInterval: 0.02)
        }
        unsafe unlink(dataFolder + "/postmaster.pid")
    }
}
