// A hot standby of a test's own cluster, made by pg_basebackup -R as an operator makes one.

import Foundation
public import ParleyPostgres

extension TestCluster {
    /// A started standby that streams from a running cluster.
    /// - Parameter settings: of the standby
    public static func standby(
        of primary: EmbeddedCluster,
        settings: [(name: String, value: String)] = []
    ) async throws -> EmbeddedCluster {
        // The cluster's own rules admit to databases; replication is a rule of its own.
        let rules = primary.folder + "/data/pg_hba.conf"
        let admitted = try String(contentsOfFile: rules, encoding: .utf8)
        try (admitted + "local replication postgres peer map=parley\n")
            .write(toFile: rules, atomically: false, encoding: .utf8)
        let connection = try await PostgresConnection.connect(primary.configuration)
        _ = try await connection.query("select pg_reload_conf()")
        let binaries = try await connection.query("select setting from pg_config where name = 'BINDIR'").only().text(0)
        await connection.close()

        let standby = makePrivate(settings: settings)
        let isRoot = geteuid() == 0
        let host = primary.configuration.host ?? ""
        try run(["mkdir", "-p", standby.folder])
        try run(["install", "-d", "-m", "0700"] + (isRoot ? ["-o", "postgres"] : []) + [standby.folder + "/data"])
        try run(
            (isRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"] : []) + [
                "\(binaries)/pg_basebackup", "-h", host, "-p", "5432", "-U", "postgres", "-D", standby.folder + "/data",
                "-R", "-X", "stream", "-c", "fast",
            ]
        )
        try await standby.start()
        return standby
    }

    private static func run(_ command: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw PostgresError.usage("\(command.joined(separator: " ")) ended with \(process.terminationStatus).")
        }
    }
}
