// Copies of a test's own cluster, made by pg_basebackup as an operator makes them: a hot standby, and a backup.

import Foundation
public import ParleyPostgres

extension TestCluster {
    /// A started standby that streams from a running cluster.
    /// - Parameter settings: of the standby
    public static func standby(
        of primary: EmbeddedCluster,
        settings: [(name: String, value: String)] = []
    ) async throws -> EmbeddedCluster {
        let standby = try await copy(of: primary, ["-R"], settings: settings)
        try await standby.start()
        return standby
    }

    /// A backup of a running cluster, not yet started.
    public static func backup(of primary: EmbeddedCluster) async throws -> EmbeddedCluster {
        try await copy(of: primary, [], settings: [])
    }

    private static func copy(
        of primary: EmbeddedCluster,
        _ options: [String],
        settings: [(name: String, value: String)]
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

        let copy = makePrivate(settings: settings)
        let isRoot = geteuid() == 0
        let host = primary.configuration.host ?? ""
        try run(["mkdir", "-p", copy.folder])
        try run(["install", "-d", "-m", "0700"] + (isRoot ? ["-o", "postgres"] : []) + [copy.folder + "/data"])
        try run(
            (isRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"] : []) + [
                "\(binaries)/pg_basebackup", "-h", host, "-p", "5432", "-U", "postgres", "-D", copy.folder + "/data",
                "-X", "stream", "-c", "fast",
            ] + options
        )
        return copy
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
