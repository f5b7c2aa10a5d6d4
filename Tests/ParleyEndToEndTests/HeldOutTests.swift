// A held-out suite from its keys to a party's view, as separate programs over one shared database: nothing of it stands
// there in the clear, only the admitted worker runs it, and each party sees what its state allows.

import Foundation
import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTestSupport
import Testing

@Suite("Held-out suites", .serialized) struct HeldOutTests {
    @Test("It is run by the admitted worker alone, read with a key alone, and shown to its tested lab in time")
    func wholeWay() async throws {
        let place = try Self.place()
        let database = try await TestDatabase.fresh(migrations: QueueSchema.migrations)
        let owner = try await database.connect()
        let (coordinator, worker) = try await database.daemonLogins(owner)
        try await TestDatabase.makeLogin("parley_south", in: "parley_party", owner)
        for holder in ["north", "worker-1", "south"] {
            let made = try ParleyProcess.run(["key", "seal", holder, "--output", "\(place.folder)/\(holder).seal.key"])
            #expect(made.code == 0, "\(made.errors)")
        }
        let key = { (holder: String) in "\(place.folder)/\(holder).seal.key" }
        let submit = ["submit", place.round, "--simulated", "--database", coordinator]
        let unsealed = try ParleyProcess.run(submit)
        #expect(unsealed.code == 2 && unsealed.errors.contains("nobody is named who may open it"), "\(unsealed.errors)")
        let sealed = try ParleyProcess.run(
            submit + [
                "--seal-for", "\(place.folder)/north.seal.pub", "--seal-for", "\(place.folder)/worker-1.seal.pub",
            ]
        )
        #expect(sealed.code == 0, "\(sealed.errors)")
        try await Self.expectNothingInTheClear(owner)

        let simulator = try ParleyProcess(["simulate", "--round", place.round, "--port", "0"])
        let address = simulator.simulatorAddress()
        let daemon = try ParleyProcess(["coordinator", "--database", coordinator])
        let start = { (name: String, more: [String]) in
            try ParleyProcess(["worker", "--database", worker, "--name", name, "--simulator", address] + more)
        }
        // One without a key, one with a key that nobody admitted, and the admitted one.
        let workers = [
            try start("keyless", []), try start("stranger", ["--seal-key", key("south")]),
            try start("admitted", ["--seal-key", key("worker-1")]),
        ]
        while try await owner.query("select count(*) from parley.outcomes").only().int64(0) < 20 { await Task.yield() }
        while try await owner.query("select state from parley.rounds").only().text(0) != "exchange" {
            await Task.yield()
        }
        for process in workers + [daemon, simulator] {
            process.signal(SIGTERM)
            #expect(process.end().code == 0)
        }
        let names = try await owner.query(
            "select distinct w.name from parley.outcomes o join parley.workers w on w.id = o.worker_id"
        ).map { try $0.text(0) }
        #expect(names == ["admitted"])
        try await Self.expectNothingInTheClear(owner)

        // A transcript, without a key and with one.
        let job = try await owner.query("select min(job_id) from parley.outcomes").only().int64(0)
        let show = ["show", "\(job)", "--database", coordinator]
        let closed = try ParleyProcess.run(show)
        #expect(
            closed.code == 0 && closed.output.contains("sealed for north, worker-1"),
            "\(closed.output)\(closed.errors)"
        )
        #expect(!closed.output.contains("What is"))
        let open = try ParleyProcess.run(show + ["--seal-key", key("north")])
        #expect(open.output.contains("What is "), "\(open.output)\(open.errors)")
        let export = ["export", "sums", "--format", "jsonl", "--output", place.folder, "--database", coordinator]
        let refused = try ParleyProcess.run(export)
        #expect(refused.code == 1 && refused.errors.contains("sealed for north, worker-1"), "\(refused.errors)")
        #expect(try ParleyProcess.run(export + ["--seal-key", key("north")]).code == 0)

        try Self.checkExposure(coordinator)
        let destroyed = try ParleyProcess.run(
            ["pack", "destroy", "sums", "--party", "south", "--for-good", "--database", coordinator]
        )
        #expect(destroyed.code == 0 && destroyed.output.contains("2 wrapped keys"), "\(destroyed.output)")
        let gone = try ParleyProcess.run(show + ["--seal-key", key("north")])
        #expect(gone.output.contains("nobody holds the key") && !gone.output.contains("What is"), "\(gone.output)")
        try Self.checkView(database, coordinator)
    }

    @Test("A pack with a sample that lacks the canary is not submitted")
    func canary() async throws {
        let place = try Self.place(more: "canary: parley-canary-7f3a")
        let database = try await TestDatabase.fresh(migrations: QueueSchema.migrations)
        let owner = try await database.connect()
        let (coordinator, _) = try await database.daemonLogins(owner)
        _ = try ParleyProcess.run(["key", "seal", "north", "--output", "\(place.folder)/north.seal.key"])
        let submitted = try ParleyProcess.run([
            "submit", place.round, "--simulated", "--seal-for", "\(place.folder)/north.seal.pub", "--database",
            coordinator,
        ])
        #expect(submitted.code == 2 && submitted.errors.contains("lacks the suite's canary"), "\(submitted.errors)")
        #expect(try await owner.query("select count(*) from parley.rounds").only().int64(0) == 0)
    }

    /// South reads its own scores in the exchange, and no prompt.
    private static func checkView(_ database: TestDatabase, _ coordinator: String) throws {
        let login = try database.url(role: "parley_south")
        let before = try ParleyProcess.run(["view", "sums", "--database", login])
        #expect(before.code == 2 && before.errors.contains("sees no round"), "\(before.errors)")
        let granted = try ParleyProcess.run([
            "party", "grant", "sums", "south", "--login", "parley_south", "--database", coordinator,
        ])
        #expect(granted.code == 0, "\(granted.errors)")
        let view = try ParleyProcess.run(["view", "sums", "--database", login, "--json"])
        #expect(view.code == 0, "\(view.errors)")
        let document = try JSONValue(parsing: view.output)
        #expect(try SchemaCheck("view").problems(document) == [])
        let finding = try #require(document["cells"]?.array?.first?["finding"])
        #expect(try SchemaCheck("findings").problems(finding, definition: "cell") == [])
        let list = try JSONValue(parsing: ParleyProcess.run(["view", "--database", login, "--json"]).output)
        for round in list.array ?? [] { #expect(try SchemaCheck("view").problems(round, definition: "round") == []) }
        #expect(list.array?.count == 1)
        #expect(document["round"]?["state"]?.string == "exchange")
        #expect(document["suites"]?.array?.first?["prompts"]?.string == "withheld")
        let cell = document["cells"]?.array?.first
        #expect(cell?["status"]?.string == "shown" && cell?["transcripts"]?.string == "withheld")
        #expect(cell?["finding"]?["planned"]?.integer == 20)
        // A party's login can do nothing else.
        let findings = try ParleyProcess.run(["findings", "sums", "--database", login])
        #expect(findings.code == 4, "\(findings.errors)")
    }

    private static func checkExposure(_ coordinator: String) throws {
        let exposure = try ParleyProcess.run(["exposure", "sums", "--database", coordinator, "--json"])
        #expect(exposure.code == 0, "\(exposure.errors)")
        let document = try JSONValue(parsing: exposure.output)
        #expect(try SchemaCheck("exposure").problems(document) == [])
        let rows = document["exposures"]?.array ?? []
        #expect(rows.count == 1 && rows[0]["party"]?.string == "south" && rows[0]["samples"]?.integer == 20)
        #expect(rows.first?["term"]?.string == "the agreement of 1 May")
        let commitments = rows.first?["commitments"]?.array?.compactMap(\.string) ?? []
        #expect(Set(commitments).count == 20)
        // They are not the samples' own hashes, which could be guessed.
        let sample = Sample(id: "s0", input: [Message(.user, "What is 0 + 7?")], target: ["7"])
        #expect(!commitments.contains(sample.contentHash.description))
    }

    /// Searches every text and byte of the tables that hold a suite's content.
    private static func expectNothingInTheClear(_ owner: PostgresConnection) async throws {
        for table in [
            "samples", "transcripts", "checkpoints", "data_keys", "attempts", "rounds", "ledger", "exposures",
        ] {
            let rows = try await owner.query(
                "select count(*) as n from parley.\(table) t where t::text like '%What is%' or t::text like $1",
                [.text("%" + Array("What is".utf8).map { String($0, radix: 16) }.joined() + "%")]
            )
            #expect(try rows.only().int64("n") == 0, "\(table)")
        }
    }

    static func place(more: String = "epochs: 1") throws -> Workplace {
        let place = try Workplace(samples: 20)
        try place.write(
            "round.yaml",
            """
            round: sums
            tier: bilateral
            parties:
              - { name: north, role: evaluator }
              - { name: south, role: lab }
            models:
              - name: ms
                party: south
                provider: openai
                model: ms
                no_training: the agreement of 1 May
                simulate: { accuracy: 0.7 }
            suites:
              - name: sums
                party: north
                areas: [scalable oversight]
                dataset: sums.jsonl
                scorer: numeric
                held_out: true
                \(more)
            runs: all
            """
        )
        return place
    }
}
