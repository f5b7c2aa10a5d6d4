// The embedded cluster: start, restart, refusal of a second owner, and recovery after kills.

import Foundation
import ParleyPostgres
import ParleyTestSupport
import Testing

@Suite("Embedded cluster")
struct EmbeddedClusterTests {
    private static func options() -> EmbeddedCluster.Options {
        var options = EmbeddedCluster.Options()
        options.minimumFreeBytes = 0
        options.roles = ["parley_test"]
        return options
    }

    @Test("starts, refuses a second owner by name, keeps its data over a stop and a crash")
    func life() async throws {
        let folder = TestCluster.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let cluster = EmbeddedCluster(folder: folder, options: Self.options())
        try await cluster.start()
        var connection = try await PostgresConnection.connect(cluster.configuration)
        try await connection.execute(script: "create table t (a int); create role parley_test login")
        let settings = try await connection.query(
            "select current_setting('data_checksums') c, current_setting('fsync') f, "
                + "current_setting('listen_addresses') l, current_setting('server_encoding') e"
        ).only()
        #expect(try settings.text("c") == "on")
        #expect(try settings.text("f") == "on")
        #expect(try settings.text("l") == "")
        #expect(try settings.text("e") == "UTF8")
        await connection.close()

        let role = try await PostgresConnection.connect(cluster.configuration.with(user: "parley_test"))
        await role.close()

        let second = EmbeddedCluster(folder: folder, options: Self.options())
        let error = await #expect(throws: PostgresError.self) { try await second.start() }
        #expect(error?.description.contains("process \(ProcessInfo.processInfo.processIdentifier)") == true)

        await cluster.stop()
        #expect(await !cluster.isRunning)
        try await second.start()
        connection = try await PostgresConnection.connect(second.configuration)
        _ = try await connection.query("insert into t values (7)")
        await second.crash()
        let lost = await #expect(throws: PostgresError.self) { try await connection.query("select 1") }
        #expect(lost?.kind == .connectionLost)
        try await second.start()
        connection = try await PostgresConnection.connect(second.configuration)
        #expect(try await connection.query("select a from t").only().int32("a") == 7)
        await connection.close()
        await second.stop()
    }

    @Test("an interrupted initdb, a stale lock file and a folder with a long path are no obstacle")
    func leftovers() async throws {
        let folder = TestCluster.temporaryFolder() + "/" + String(repeating: "long", count: 30)
        defer {
            try? FileManager.default.removeItem(atPath: URL(fileURLWithPath: folder).deletingLastPathComponent().path)
        }
        try FileManager.default.createDirectory(atPath: folder + "/data.new/base", withIntermediateDirectories: true)
        let cluster = EmbeddedCluster(folder: folder, options: Self.options())
        try await cluster.start()
        #expect((cluster.socketFolder + "/.s.PGSQL.5432").utf8.count <= 107)
        await cluster.crash()
        // The process id of a program that is no server, as after a restart of a container.
        let path = folder + "/data/postmaster.pid"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let rest = text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst().joined(separator: "\n")
        try "\(ProcessInfo.processInfo.processIdentifier)\n\(rest)".write(
            toFile: path,
            atomically: false,
            encoding: .utf8
        )
        try await cluster.start()
        let connection = try await PostgresConnection.connect(cluster.configuration)
        #expect(try await connection.query("select 1").count == 1)
        await connection.close()
        await cluster.stop()
        try? FileManager.default.removeItem(atPath: cluster.socketFolder)
    }

    @Test("a server whose guard was killed is ended, and the folder starts anew")
    func orphan() async throws {
        let folder = TestCluster.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let first = EmbeddedCluster(folder: folder, options: Self.options())
        try await first.start()
        let old = try await PostgresConnection.connect(first.configuration)
        _ = try await old.query("create table t as select 1 as a")
        await first.abandon()
        let next = EmbeddedCluster(folder: folder, options: Self.options())
        try await next.start()
        let connection = try await PostgresConnection.connect(next.configuration)
        #expect(try await connection.query("select a from t").count == 1)
        await connection.close()
        await next.stop()
    }

    @Test("what stands in the way is said: a relative folder, too little disk, a folder that is no cluster")
    func refusals() async throws {
        await #expect(throws: PostgresError.self) { try await EmbeddedCluster(folder: "state").start() }
        let folder = TestCluster.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var options = Self.options()
        options.minimumFreeBytes = .max
        let full = await #expect(throws: PostgresError.self) {
            try await EmbeddedCluster(folder: folder, options: options).start()
        }
        #expect(full?.description.contains("MiB free") == true)
        try FileManager.default.createDirectory(atPath: folder + "/data", withIntermediateDirectories: true)
        let other = await #expect(throws: PostgresError.self) {
            try await EmbeddedCluster(folder: folder, options: Self.options()).start()
        }
        #expect(other?.description.contains("not a PostgreSQL cluster") == true)
    }
}
