// One throw-away PostgreSQL per test process, started when the first test asks for it. The embedded cluster's guard
// shuts it down and removes its folder when the process ends, however it ends.

import Foundation
public import ParleyPostgres

/// The server that tests share.
public actor TestCluster {
    /// Environment variable that names a server to use instead of starting one; its role must be a superuser.
    public static let variable = "PARLEY_TEST_DATABASE_URL"

    /// The process's shared cluster.
    public static let shared = TestCluster()

    private var starting: Task<PostgresConfiguration, any Error>?

    /// How to connect to the shared server as superuser, starting it when needed.
    public func superuser() async throws -> PostgresConfiguration {
        if let starting { return try await starting.value }
        let task = Task {
            if let url = ProcessInfo.processInfo.environment[Self.variable] { return try PostgresConfiguration(url) }
            let cluster = Self.makePrivate()
            try await cluster.start()
            Self.keep.append(cluster)
            return cluster.configuration
        }
        starting = task
        return try await task.value
    }

    /// A cluster of a test's own, not yet started, for tests that stop, crash and restart the server.
    /// - Parameters:
    ///   - durable: true to keep fsync on
    ///   - settings: of the server, beside the tests' own
    public static func makePrivate(
        durable: Bool = false,
        settings: [(name: String, value: String)] = []
    ) -> EmbeddedCluster {
        var options = EmbeddedCluster.Options()
        options.durable = durable
        options.removesFolder = true
        options.minimumFreeBytes = 0
        options.roles =
            ProcessInfo.processInfo.environment["PARLEY_TEST_ROLES"]?.split(separator: ",").map(String.init)
            ?? defaultRoles
        options.settings = [("max_connections", "200"), ("shared_buffers", "64MB")] + settings
        return EmbeddedCluster(folder: temporaryFolder(), options: options)
    }

    /// A short path that does not exist yet, for a cluster's folder.
    public static func temporaryFolder() -> String {
        "/tmp/parley-test-\(ProcessInfo.processInfo.processIdentifier)-\(UInt32.random(in: 0 ... .max))"
    }

    /// The roles that Parley's schema knows, which tests may connect as.
    public static let defaultRoles = [
        "parley", "parley_owner", "parley_coordinator", "parley_worker", "parley_reader", "parley_test",
        "parley_daemon_coordinator", "parley_daemon_worker", "parley_doctor_stranger", "parley_north", "parley_south",
        "parley_west", "parley_buyer",
    ]

    /// Keeps the shared cluster alive until the process ends.
    private static let keep = Kept()
}

/// Clusters that live as long as the process.
private final class Kept: @unchecked Sendable {
    // Guarded by `lock`.
    private var clusters: [EmbeddedCluster] = []
    private let lock = NSLock()

    func append(_ cluster: EmbeddedCluster) { lock.withLock { clusters.append(cluster) } }
}
