// What a party's secret promises, over separate programs and a real backup: made before the secret was destroyed, restored
// after it, and read with every key that is left.

import Foundation
import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTestSupport
import Testing

@Suite("A party's secret", .serialized) struct PartySecretTests {
    @Test("Once it is destroyed, a restored backup from before opens the party's transcripts for nobody")
    func backup() async throws {
        let place = try HeldOutTests.place()
        let database = try await TestDatabase.fresh(migrations: QueueSchema.migrations)
        let owner = try await database.connect()
        let (coordinator, _) = try await database.daemonLogins(owner)
        for holder in ["north", "worker-1"] {
            _ = try ParleyProcess.run(["key", "seal", holder, "--output", "\(place.folder)/\(holder).seal.key"])
        }
        let key = { (holder: String) in ["--seal-key", "\(place.folder)/\(holder).seal.key"] }
        let secret = "\(place.folder)/south.secret"
        let made = try ParleyProcess.run(["key", "secret", "--party", "south", "--output", secret])
        #expect(made.code == 0, "\(made.errors)")
        let copy = "\(place.folder)/copy.secret"
        try FileManager.default.copyItem(atPath: secret, toPath: copy)

        let submitted = try ParleyProcess.run([
            "submit", place.round, "--simulated", "--seal-for", "\(place.folder)/north.seal.pub", "--seal-for",
            "\(place.folder)/worker-1.seal.pub", "--party-secret", secret, "--database", coordinator,
        ])
        #expect(submitted.code == 0, "\(submitted.errors)")
        try await Self.run(place, database, owner, key, secret)
        let job = try await owner.query("select min(job_id) from parley.outcomes").only().int64(0)
        let show = { (url: String, more: [String]) in
            try ParleyProcess.run(["show", "\(job)", "--database", url] + more)
        }
        let before = try show(coordinator, key("north") + ["--party-secret", secret])
        #expect(before.output.contains("What is "), "\(before.output)\(before.errors)")

        let dump = "\(place.folder)/before.sql"
        try Self.tool("pg_dump", ["--dbname", database.url(), "--file", dump])
        let text = try String(contentsOfFile: dump, encoding: .utf8)
        let inFile = try JSONValue(parsing: String(contentsOfFile: secret, encoding: .utf8))["secret"]?.string
        let bytes = try #require(inFile.flatMap { Data(base64Encoded: $0) })
        #expect(!text.contains(bytes.base64EncodedString()))
        #expect(!text.contains(bytes.map { String(format: "%02x", $0) }.joined()))

        let destroyed = try ParleyProcess.run([
            "pack", "destroy", "sums", "--party", "south", "--for-good", "--party-secret", secret, "--database",
            coordinator,
        ])
        #expect(destroyed.code == 0 && destroyed.output.contains("2 wrapped keys"), "\(destroyed.errors)")
        #expect(!FileManager.default.fileExists(atPath: secret))

        // The wrapped keys are back; what they were bound to is not.
        let restored = "\(database.name)_restored"
        try await owner.execute(script: "create database \(restored)")
        let restoredURL = { (role: String?) in
            try database.url(role: role).replacingOccurrences(of: database.name, with: restored)
        }
        try Self.tool("psql", ["--dbname", restoredURL(nil), "--quiet", "--set", "ON_ERROR_STOP=1", "--file", dump])
        let back = try await PostgresConnection.connect(database.superuser.with(database: restored))
        let keys = try await back.query("select count(*) from parley.data_keys where party = 'south'")
        #expect(try keys.only().int64(0) == 2)
        let url = try restoredURL("parley_daemon_coordinator")
        for holder in ["north", "worker-1"] {
            let closed = try show(url, key(holder))
            #expect(closed.output.contains("sealed for north, worker-1"), "\(closed.output)\(closed.errors)")
            #expect(!closed.output.contains("What is"))
            let other = "\(place.folder)/\(holder)-south.secret"
            _ = try ParleyProcess.run(["key", "secret", "--party", "south", "--output", other])
            let wrong = try show(url, key(holder) + ["--party-secret", other])
            #expect(!wrong.output.contains("What is"), "\(wrong.output)")
            let export = try ParleyProcess.run(
                ["export", "sums", "--format", "jsonl", "--output", place.folder, "--database", url] + key(holder)
            )
            #expect(export.code == 1, "\(export.errors)")
        }
        // It is the secret alone that is missing: a copy that was forgotten opens all of it.
        let forgotten = try show(url, key("north") + ["--party-secret", copy])
        #expect(forgotten.output.contains("What is "), "\(forgotten.output)\(forgotten.errors)")
    }

    /// Runs the round: a worker with a key but without the secret is given nothing.
    private static func run(
        _ place: Workplace,
        _ database: TestDatabase,
        _ owner: PostgresConnection,
        _ key: (String) -> [String],
        _ secret: String
    ) async throws {
        let simulator = try ParleyProcess(["simulate", "--round", place.round, "--port", "0"])
        let address = simulator.simulatorAddress()
        let url = try database.url(role: "parley_daemon_worker")
        let start = { (name: String, more: [String]) in
            try ParleyProcess(["worker", "--database", url, "--name", name, "--simulator", address] + more)
        }
        let processes = [
            simulator,
            try ParleyProcess(["coordinator", "--database", database.url(role: "parley_daemon_coordinator")]),
            try start("half", key("north")), try start("whole", key("worker-1") + ["--party-secret", secret]),
        ]
        while try await owner.query("select state from parley.rounds").only().text(0) != "exchange" {
            await Task.yield()
        }
        for process in processes.reversed() {
            process.signal(SIGTERM)
            #expect(process.end().code == 0)
        }
        let names = try await owner.query(
            "select distinct w.name from parley.outcomes o join parley.workers w on w.id = o.worker_id"
        ).map { try $0.text(0) }
        #expect(names == ["whole"])
    }

    /// Runs one of PostgreSQL's own programs.
    private static func tool(_ name: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [name] + arguments
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(name)")
    }
}
