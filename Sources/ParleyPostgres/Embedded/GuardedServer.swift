// The server process and its guard: a shell that starts the server, waits on a pipe whose other end this process holds,
// and shuts the server down when the pipe closes. The kernel closes it when this process dies, so no server is left.
// (A parent-death signal would not do: Linux sends it when the *thread* that started the child ends.)

import Dispatch
import Foundation

/// A running server with its guard. Used from the cluster's queue.
final class GuardedServer {
    private let process = Process()
    private let pipe = Pipe()
    private let ended = DispatchSemaphore(value: 0)
    private var stopped = false

    /// `$1` is the number of folders to remove at the end; they follow, and then the server's command line.
    /// SIGINT is PostgreSQL's fast shutdown. When the server ends by itself, the guard ends too.
    private static let script = """
        count=$1; shift
        remove=
        while [ "$count" -gt 0 ]; do remove="$remove '$1'"; shift; count=$((count - 1)); done
        trap '' INT HUP
        ( "$@" < /dev/null & child=$!
          ( while read -r _; do :; done; kill -INT $child ) <&3 > /dev/null 2>&1 &
          watcher=$!
          wait $child; status=$?
          kill $watcher 2> /dev/null
          exit $status ) 3<&0
        status=$?
        [ -n "$remove" ] && eval "rm -rf -- $remove"
        exit $status
        """

    init(command: [String], log: String, removing folders: [String]) throws(PostgresError) {
        if !FileManager.default.fileExists(atPath: log) {
            _ = FileManager.default.createFile(atPath: log, contents: nil, attributes: [.posixPermissions: 0o600])
        }
        guard let output = FileHandle(forUpdatingAtPath: log) else {
            throw .usage("The server's log \(log) cannot be written.")
        }
        // One log of at most 16 MiB, started over when it is larger.
        if output.seekToEndOfFile() > 16 << 20 {
            output.truncateFile(atOffset: 0)
        }
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", Self.script, "parley-guard", String(folders.count)] + folders + command
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        process.standardInput = pipe
        process.standardOutput = output
        process.standardError = output
        let ended = ended
        process.terminationHandler = { _ in ended.signal() }
        do {
            try process.runWithOpenSignals()
        } catch {
            throw .usage("The server's guard /bin/sh cannot be run: \(error.localizedDescription)")
        }
        try? output.close()
    }

    /// Kills the whole guard, children but not the server included, so that nobody shuts the server down.
    func killGuard() {
        stopped = true
        // No wait: Foundation reports the end only when the guard's children, which inherit its socket, are gone too.
        kill(process.processIdentifier, SIGKILL)
    }

    var isRunning: Bool { !stopped && process.isRunning }

    /// Shuts the server down and waits for its end. Blocks.
    func stop() {
        if stopped { return }
        stopped = true
        try? pipe.fileHandleForWriting.close()
        ended.wait()
    }
}
