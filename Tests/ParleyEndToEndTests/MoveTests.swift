// Rounds between servers: moved while they run, moved under kill -9, archived, dropped and restored. Real
// clusters, the program itself, and what it prints compared byte for byte.

import Foundation
import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTestSupport
import Testing

@Suite("Moves between servers", .serialized) struct MoveTests {
    /// The second server of all these tests.
    private static let house = Task { try await TestHouse.started() }

    /// A database on it, of a test's own.
    private struct Target {
        /// URLs for the logins of daemons, and for the owner.
        let url: String
        let ownerURL: String
        let owner: PostgresConnection

        init(_ name: String) async throws {
            let house = try await MoveTests.house.value
            let server = try await PostgresConnection.connect(house.cluster.configuration)
            try await server.execute(script: "create database \(name) template parley")
            await server.close()
            url = house.url(name)
            ownerURL = house.url(name, role: "postgres")
            owner = try await PostgresConnection.connect(house.cluster.configuration.with(database: name))
        }
    }

    private func parley(_ arguments: [String]) throws -> ParleyProcess.Ended { try ParleyProcess.run(arguments) }

    private func count(_ connection: PostgresConnection, _ round: String) async throws -> Int64 {
        try await connection.query(
            "select count(*) from parley.outcomes o join parley.rounds r on r.id = o.round_id where r.name = $1",
            [.text(round)]
        ).only().int64(0)
    }

    private func presence(_ connection: PostgresConnection) async throws -> String? {
        try await connection.query("select presence from parley.rounds where name = 'sums'").first?.text(0)
    }

    /// Kills a run that has the private server of this place, and waits until that server is gone as well.
    private func kill(_ process: ParleyProcess, _ place: Workplace) async {
        process.signal(SIGKILL)
        _ = process.end()
        while FileManager.default.fileExists(atPath: place.state + "/data/postmaster.pid") { await Task.yield() }
    }

    @Test("A running round is moved while another runs on both servers; each job ends once, and both rounds finish")
    func running() async throws {
        let second = try await Target("running")
        let source = try await TestDatabase.fresh(migrations: QueueSchema.migrations)
        let owner = try await source.connect()
        let here = try await source.daemonLogins(owner)
        let place = try Workplace(samples: 60, latency: "30ms")
        let text = try String(contentsOfFile: place.round, encoding: .utf8)
        for (name, url) in [("north", here.coordinator), ("south", second.url)] {
            try place.write("\(name).yaml", text.replacing("round: sums", with: "round: \(name)"))
            let made = try parley(["submit", "\(place.folder)/\(name).yaml", "--simulated", "--database", url])
            #expect(made.code == 0, "\(made.errors)")
        }
        let made = try parley(["submit", place.round, "--simulated", "--database", here.coordinator])
        #expect(made.code == 0, "\(made.errors)")
        let simulator = try ParleyProcess(["simulate", "--round", place.round, "--port", "0"])
        let address = simulator.simulatorAddress()
        let daemons = try [here, (second.url, second.url)].flatMap { coordinator, worker in
            [
                try ParleyProcess(["coordinator", "--database", coordinator]),
                try ParleyProcess(["worker", "--database", worker, "--concurrency", "2", "--simulator", address]),
            ]
        }
        while try await count(owner, "sums") < 20 { await Task.yield() }
        let moved = try parley([
            "move", "sums", "--database", source.url(), "--to", second.ownerURL, "--json", "--because", "room",
        ])
        #expect(moved.code == 0, "\(moved.errors)")
        #expect(try JSONValue(parsing: moved.output)["moved"]?.bool == true)
        #expect(try await count(owner, "sums") == 0)
        try await ParleyProcess.letAnswerAtOnce(address)
        for (connection, round) in [(second.owner, "sums"), (second.owner, "south"), (owner, "north")] {
            while try await count(connection, round) < 240 { await Task.yield() }
            #expect(try await count(connection, round) == 240)
        }
        let attempts = try await second.owner.query("select count(*) from parley.attempts").only().int64(0)
        #expect(attempts == 0, "what was in flight ended before the move")
        let list = try parley(["round", "list", "--database", here.coordinator])
        #expect(list.output.contains("moved to running on"), "\(list.output)")
        let gone = try parley(["findings", "sums", "--database", here.coordinator])
        #expect(gone.code == 2 && gone.errors.contains("moved to running on"), "\(gone.errors)")
        let ledger = try parley(["ledger", "verify", "sums", "--database", second.url])
        #expect(ledger.code == 0, "\(ledger.errors)")
        for process in daemons + [simulator] {
            process.signal(SIGTERM)
            #expect(process.end().code == 0)
        }
        await owner.close()
        await second.owner.close()
    }

    @Test("Killed wherever it is, a move leaves the round on one side; repeated, findings are the same bytes there")
    func killed() async throws {
        let second = try await Target("killed")
        let place = try Workplace(samples: 40)
        #expect(try place.start().end().code == 0)
        let before = try parley(["findings", "sums", "--json", "--state", place.state])
        #expect(before.code == 0, "\(before.errors)")
        let archive = "\(place.folder)/sums.parley"
        let move = ["move", "sums", "--state", place.state, "--to", second.ownerURL, "--keep", archive]

        // While it is held and the archive was written; while it arrives; and where it arrives in between.
        for moment in ["archived", "arriving", "arriving"] {
            let process = try ParleyProcess(move)
            while process.isRunning {
                let isThere = FileManager.default.fileExists(atPath: archive)
                let word = try await presence(second.owner)
                if moment == "archived" ? isThere : word == "arriving" { break }
                await Task.yield()
            }
            await kill(process, place)
            let word = try await presence(second.owner)
            // Wholly on one side: the source has all of it, or the target does and the source says so.
            let list = try parley(["round", "list", "--state", place.state, "--json"])
            let listed = try JSONValue(parsing: list.output).array?.first?["presence"]?.string
            if listed == "moved" {
                #expect(try await count(second.owner, "sums") == 160, "\(word ?? "")")
            } else {
                #expect(["leaving", "here"].contains(listed ?? ""), "\(list.output)")
                let still = try parley(["findings", "sums", "--json", "--state", place.state])
                #expect(still.output == before.output, "\(still.errors)")
            }
            try? FileManager.default.removeItem(atPath: archive)
        }
        let done = try parley(move)
        #expect(done.code == 0, "\(done.errors)")
        let again = try parley(move)
        #expect(again.code == 0, "\(again.errors)")

        let database = ["--database", second.url]
        let after = try parley(["findings", "sums", "--json"] + database)
        #expect(after.code == 0 && after.output == before.output, "\(after.errors)")
        try evidence(place, database)
        #expect(try await second.owner.query("select 1 from parley.outcomes").count == 160)
        await second.owner.close()
    }

    /// A package is made and verified.
    private func evidence(_ place: Workplace, _ database: [String]) throws {
        let key = "\(place.folder)/b.key"
        if !FileManager.default.fileExists(atPath: key) {
            #expect(try parley(["key", "new", "--party", "b", "--output", key]).code == 0)
        }
        let package = "\(place.folder)/package-\(UUID()).tar"
        let made = try parley(
            [
                "evidence", "sums", "--preview", "--output", package, "--salts", "\(place.folder)/sums.salts", "--key",
                key,
            ] + database
        )
        #expect(made.code == 0, "\(made.errors)")
        let verified = try parley(["verify", package, "--trust", "\(place.folder)/b.pub"])
        #expect(verified.code == 0, "\(verified.output)")
    }

    @Test("A round is archived, dropped and restored: the same findings; mistakes are told, and a move can be given up")
    func archive() async throws {
        let second = try await Target("archived")
        let place = try Workplace(samples: 20)
        #expect(try place.start().end().code == 0)
        let server = place.server
        try await server.start()
        let state = ["--state", place.state]
        let file = "\(place.folder)/sums.parley"
        let before = try parley(["findings", "sums", "--json"] + state)
        let made = try parley(["archive", "sums", file, "--json"] + state)
        #expect(made.code == 0, "\(made.errors)")
        let manifest = try JSONValue(parsing: made.output)
        #expect(try SchemaCheck("archive").problems(manifest) == [])

        #expect(try parley(["drop", "sums"] + state).code == 64)
        #expect(try parley(["drop", "sums", "--without-archive"] + state).code == 64)
        let dry = try parley(["drop", "sums", "--archive", file, "--dry-run"] + state)
        #expect(dry.code == 0 && dry.output.contains("would be"), "\(dry.errors)")
        #expect(try parley(["findings", "sums", "--json"] + state).output == before.output)
        let whole = try Data(contentsOf: URL(fileURLWithPath: file))
        try whole.dropLast(1000).write(to: URL(fileURLWithPath: file))
        #expect(try parley(["drop", "sums", "--archive", file] + state).code == 8)
        try whole.write(to: URL(fileURLWithPath: file))
        let dropped = try parley(["drop", "sums", "--archive", file, "--because", "room"] + state)
        #expect(dropped.code == 0, "\(dropped.errors)")
        let places = try parley(["round", "list", "--json"] + state)
        #expect(try SchemaCheck("archive").problems(JSONValue(parsing: places.output), definition: "places") == [])
        #expect(places.output.contains("dropped"))
        let gone = try parley(["findings", "sums"] + state)
        #expect(gone.code == 2 && gone.errors.contains("parley restore"), "\(gone.errors)")
        await server.stop()
        #expect(try parley(["run", place.round, "--simulated"] + state).code == 2)
        try await server.start()

        #expect(try parley(["restore", file, "--dry-run"] + state).code == 0)
        let restored = try parley(["restore", file] + state)
        #expect(restored.code == 0, "\(restored.errors)")
        #expect(try parley(["findings", "sums", "--json"] + state).output == before.output)
        #expect(try parley(["ledger", "verify", "sums"] + state).code == 0)
        #expect(try parley(["restore", file] + state).code == 2)

        // Cut off once the archive is written, and given up.
        await server.stop()
        let process = try ParleyProcess(["move", "sums", "--to", second.ownerURL, "--keep", file + ".move"] + state)
        while process.isRunning, !FileManager.default.fileExists(atPath: file + ".move") { await Task.yield() }
        await kill(process, place)
        let up = try parley(["move", "sums", "--to", second.ownerURL, "--give-up"] + state)
        if up.code == 0 {
            #expect(try parley(["findings", "sums", "--json"] + state).output == before.output)
            #expect(try await second.owner.query("select 1 from parley.outcomes").isEmpty)
        } else {
            // It was handed over before the kill came.
            #expect(up.errors.contains("moved"), "\(up.errors)")
        }
        await second.owner.close()
    }
}
