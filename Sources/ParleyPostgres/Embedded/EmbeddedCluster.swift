// A private PostgreSQL for runs without a server: Unix socket only, one state folder, gone when Parley is gone.
//
// Invariants: the folder's lock is held while the server runs, so there is one owner. The server's parent is a small
// shell that waits on a pipe of ours; when we close the pipe, or die in any way, it shuts the server down. `data` is
// only ever a complete cluster: initdb works in `data.new`, which is renamed. So a kill -9 at any moment is followed
// by a normal start, with PostgreSQL's own crash recovery where needed.

import Dispatch
import Foundation
public import Logging
import ParleyDispatch

/// A private PostgreSQL server in a folder.
public actor EmbeddedCluster {
    /// How the cluster is run.
    public struct Options: Sendable {
        /// False trades safety against power loss for speed; for throw-away clusters.
        public var durable = true
        /// Database roles that the admitted operating-system users may connect as, beside the superuser `postgres`.
        public var roles: [String] = []
        /// Settings of the server beside Parley's own, such as `("max_connections", "200")`.
        public var settings: [(name: String, value: String)] = []
        /// Free bytes on the folder's disk below which the cluster is not started. 512 MiB by default.
        public var minimumFreeBytes: Int64 = 512 << 20
        /// The longest time to wait until the server answers, recovery included. 120 seconds by default.
        public var startTimeout: Duration = .seconds(120)
        /// Deletes the whole folder after the server has stopped; for tests.
        public var removesFolder = false

        public init() {}
    }

    let executor = DispatchQueueExecutor(label: "parley.embedded-cluster")
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    /// The state folder.
    public nonisolated let folder: String
    nonisolated let options: Options
    nonisolated let account = ServerAccount.current()
    nonisolated let logger: Logger
    private var lock: FolderLock?
    private var server: GuardedServer?

    /// Names a cluster; nothing happens before `start`.
    /// - Parameter folder: absolute path; made when it does not exist
    public init(
        folder: String,
        options: Options = Options(),
        logger: Logger = Logger(label: "parley.embedded")
    ) {
        self.folder = folder
        self.options = options
        self.logger = logger
    }

    nonisolated var dataFolder: String { folder + "/data" }
    nonisolated var logFile: String { folder + "/postgres.log" }

    /// How to connect as the superuser to the database `postgres`; use `with(database:user:)` for others.
    public nonisolated var configuration: PostgresConfiguration {
        PostgresConfiguration(keywords: [
            "host": socketFolder, "port": "5432", "dbname": "postgres", "user": "postgres",
        ])
    }

    /// Whether the server was started here and has not ended.
    public var isRunning: Bool { server?.isRunning ?? false }

    /// Starts the server, making the cluster first when there is none, and returns when it answers.
    /// - Throws: a usage error that says what stands in the way; it holds the last lines of the server's log
    public func start() async throws(PostgresError) {
        if isRunning { return }
        server = nil
        try prepareFolder()
        if lock == nil { lock = try FolderLock(folder: folder) }
        do throws(PostgresError) {
            let binaries = try ServerBinaries.find(majorVersion: existingVersion())
            try endLeftOver()
            if existingVersion() == nil { try makeCluster(binaries) }
            try writeAccessRules()
            try await launch(binaries)
        } catch {
            server?.stop()
            server = nil
            lock = nil
            throw error
        }
    }

    /// Shuts the server down, waiting for its checkpoint, and gives the folder free.
    public func stop() {
        server?.stop()
        server = nil
        lock = nil
    }

    /// Kills the server as a crash would; the next `start` recovers. For tests of faults.
    public func crash() {
        if let postmaster = runningPostmaster() { kill(postmaster, SIGKILL) }
        server?.stop()
        server = nil
    }

    /// Gives the folder's lock free and kills the guard, leaving the server behind as its owner's and guard's kill -9
    /// would. For tests of faults.
    public func abandon() {
        server?.killGuard()
        server = nil
        lock = nil
    }

    private func launch(_ binaries: ServerBinaries) async throws(PostgresError) {
        let deadline = ContinuousClock.now + options.startTimeout
        var delay = Duration.milliseconds(20)
        var attempts = 0
        while true {
            if server?.isRunning != true {
                // Backends that outlive a killed server hold its shared memory for a moment: hence a few attempts.
                attempts += 1
                if attempts > 5 { throw failed("The embedded PostgreSQL did not start.") }
                server = try GuardedServer(
                    command: try account.command([binaries.postgres] + serverArguments()),
                    log: logFile,
                    removing: options.removesFolder ? [folder, socketFolder] : []
                )
            }
            if await answers() { return }
            if ContinuousClock.now > deadline {
                throw failed("The embedded PostgreSQL did not answer within \(options.startTimeout).")
            }
            do {
                try await Task.sleep(for: delay)
            } catch {
                throw .cancelled("The task was cancelled while the embedded PostgreSQL started.")
            }
            delay = min(delay * 2, .milliseconds(500))
        }
    }

    private nonisolated func answers() async -> Bool {
        var probe = configuration
        probe.connectTimeout = .seconds(5)
        do throws(PostgresError) {
            let connection = try await PostgresConnection.connect(probe, logger: logger)
            await connection.close()
            return true
        } catch {
            return false
        }
    }

    private func failed(_ message: String) -> PostgresError {
        let log = (try? String(contentsOfFile: logFile, encoding: .utf8)) ?? ""
        let tail = log.split(separator: "\n").suffix(10).joined(separator: "\n")
        return .usage("\(message) Its log, \(logFile), ends:\n\(tail)")
    }
}
