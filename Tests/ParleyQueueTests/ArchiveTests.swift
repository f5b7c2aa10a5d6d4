// Whole rounds: out of a database, into another under other numbers, and gone. Real databases, real rows of each kind.

import Foundation
import Logging
import ParleyCoordinator
import ParleyEvidence
import ParleyModel
import ParleyPostgres
import ParleyTestSupport
import Testing

@testable import ParleyQueue

@Suite("Archives")
struct ArchiveTests {
    private let logger = Logger(label: "test")
    private let authority = CoordinatorQueue.Authority(actor: "olga", reason: "room")

    private func file() -> String { NSTemporaryDirectory() + "parley-archive-\(UUID())" }

    private func store(_ fixture: QueueFixture) async throws -> RoundStore {
        try await RoundStore.open(fixture.database.superuser, logger: logger)
    }

    /// A judged round with answers, a dead job, a failed attempt, a transcript, a label, a pause, and jobs to do.
    private func busy(_ fixture: QueueFixture) async throws -> RoundID {
        let definition = testRound(models: ["m", "n"], samples: 6, judges: ["j"])
        let round = try await fixture.submit(definition, reservations: []).round
        let worker = try await fixture.worker()
        let probes = try await worker.claim(limit: 8)
        var commits = probes.prefix(4).map { Commit(key: $0.key, kind: .answered) }
        commits[0].transcript = [1, 2, 3]
        _ = try await worker.commit(commits)
        let slow = probes[4...6].map { FailedAttempt(key: $0.key, failureClass: .timeout, message: "slow") }
        _ = try await worker.fail(slow)
        try await worker.release(probes[7...].map(\.key))
        let grades = try await worker.claim(limit: 2)
        try await worker.commitScored(grades)
        try await fixture.admin.execute(
            script: """
                update parley.jobs set attempt = 8 where id = (select min(id) from parley.jobs where fingerprint is not null);
                update parley.jobs set run_after = parley.now()
                """
        )
        for job in try await worker.claim(limit: 100) {
            if job.attempt > 8 {
                _ = try await worker.fail([FailedAttempt(key: job.key, failureClass: .timeout, message: "spent")])
            } else {
                try await worker.release([job.key])
            }
        }
        return round
    }

    /// What a round comes to, in no server's numbers.
    private func facts(_ fixture: QueueFixture, _ round: RoundID) async throws -> [String] {
        try await fixture.admin.query(
            """
            select 'outcome ' || (job_id - (round_id << 36)) || ' ' || kind || ' ' || coalesce(score, -1) || ' ' || attempt
                || coalesce(' of ' || (probe_job_id - (round_id << 36)), '') from parley.outcomes where round_id = $1
            union all select 'attempt ' || (job_id - (round_id << 36)) || ' ' || fence || ' ' || class || ' ' || disposition
            from parley.attempts where round_id = $1
            union all select 'transcript ' || (job_id - (round_id << 36)) || ' ' || encode(sealed, 'hex')
            from parley.transcripts where round_id = $1
            union all select 'dead ' || (d.job_id - (d.round_id << 36)) || ' ' || s.account || ' ' || s.model
            from parley.dead_jobs d join parley.streams s on s.id = d.stream_id and s.round_id = d.round_id
            where d.round_id = $1
            union all select 'job ' || (j.id - ($1 << 36)) || ' ' || s.cell_no || ' ' || s.stage || ' ' || j.attempt
            from parley.jobs j join parley.streams s on s.id = j.stream_id where s.round_id = $1
            union all select 'block ' || (b.first - ($1 << 36)) || ' ' || b.count || ' ' || s.cell_no
            from parley.blocks b join parley.streams s on s.id = b.stream_id where s.round_id = $1
            union all select 'spent ' || s.cell_no || ' ' || s.stage || ' ' || x.tokens || ' ' || x.cost || ' ' || x.unknown
            from parley.streams s cross join lateral parley.spent(array[s.id]) x where s.round_id = $1
            union all select 'ledger ' || sequence || ' ' || encode(hash, 'hex')
            from parley.ledger where round_id = $1 and what <> 'arrived'
            order by 1
            """,
            [.int64(round.rawValue)]
        ).map { try $0.text(0) }
    }

    @Test("The catalogue knows every table that has rows of rounds")
    func catalogue() async throws {
        let fixture = try await QueueFixture()
        let tables = try await fixture.admin.query(
            """
            select distinct c.relname::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid
            where c.relnamespace = 'parley'::regnamespace and c.relkind in ('r', 'p') and not a.attisdropped
                and a.attname in ('round_id', 'stream_id', 'budget_id', 'job_id')
            """
        ).map { try $0.text("name") }
        let known = Set(RoundTable.all.map(\.name) + RoundTable.notArchived)
        #expect(Set(tables).subtracting(known) == [])
        let partitioned = try await fixture.admin.query(
            "select relname::text as name from pg_class where relkind = 'p' and relnamespace = 'parley'::regnamespace"
        ).map { try $0.text("name") }
        #expect(Set(partitioned) == Set(RoundTable.all.filter { $0.stay == .partition }.map(\.name)))
    }

    @Test("A round that is restored elsewhere is the same under other numbers, and goes on there")
    func elsewhere() async throws {
        let source = try await QueueFixture()
        let target = try await QueueFixture()
        // So that numbers of rounds, streams and budgets differ.
        for name in ["one", "two", "three"] { try await target.submit(testRound(name: RoundName(name), models: ["x"])) }
        let round = try await busy(source)
        let path = file()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let from = try await store(source)
        let manifest = try await from.archive(#require(await from.known("round")), to: path)
        #expect(try SchemaCheck("archive").problems(JSONValue(encoding: manifest)) == [])
        #expect(manifest.tables.first { $0.name == "outcomes" }?.rows == 6)

        let to = try await store(target)
        let moved = try await to.restore(path, settledBy: authority)
        #expect(moved != round)
        let before = try await facts(source, round)
        #expect(try await facts(target, moved) == before)
        #expect(before.contains { $0.hasPrefix("dead") } && before.contains { $0.hasPrefix("job") })
        #expect(try await target.coordinator.definition(of: moved) == source.coordinator.definition(of: round))
        let ledger = try await target.coordinator.ledgerEntries(of: moved)
        let hash = try manifest.hash
        #expect(ledger.last?.what == "arrived" && ledger.last?.subject.contains("\(hash)") == true)

        // What is left is claimed there, each job once; what is new gets numbers of its own.
        let worker = try await target.worker()
        while true {
            let jobs = try await worker.claim(limit: 100).filter { $0.key.job.rawValue >> 36 == moved.rawValue }
            if jobs.isEmpty { break }
            #expect(
                try await worker.commit(
                    jobs.map {
                        $0.stage == .grade
                            ? Commit(key: $0.key, kind: .scored, score: .one) : Commit(key: $0.key, kind: .answered)
                    }
                ).allSatisfy { $0 == .committed }
            )
        }
        #expect(try await target.coordinator.finishIfDone(moved) == .finished(unruled: 1))
        #expect(
            try await target.count("select count(*) from parley.outcomes where round_id = \(moved) and stage = 0") == 11
        )
        let places = try await target.coordinator.roundPlaces()
        #expect(try SchemaCheck("archive").problems(JSONValue(encoding: places), definition: "places") == [])
    }

    @Test("What is dropped is gone but for what was agreed, says where it is, and comes back")
    func dropAndBack() async throws {
        let fixture = try await QueueFixture()
        let round = try await busy(fixture)
        let (path, older) = (file(), file())
        defer { for path in [path, older] { try? FileManager.default.removeItem(atPath: path) } }
        let store = try await store(fixture)
        let known = try #require(try await store.known("round"))
        func drop(_ manifest: ArchiveManifest) async throws {
            try await store.remove(round, .dropped(archive: manifest.hash, by: authority), archived: manifest.copied)
        }
        let running = try await store.archive(known, to: older)
        await #expect(throws: ParleyFailure.self, "it runs") { try await drop(running) }
        // Ended as people end a round.
        _ = try await fixture.coordinator.control(.cancel, round, by: authority)
        _ = try await fixture.coordinator.finishIfDone(round)
        await #expect(throws: ParleyFailure.self, "it changed since") {
            try await fixture.admin.execute(script: "delete from parley.attempts where class = 'timeout'")
            try await drop(running)
        }
        let manifest = try await store.archive(#require(await store.known("round")), to: path)
        let before = try await facts(fixture, round)
        try await drop(manifest)

        #expect(try await facts(fixture, round).allSatisfy { $0.hasPrefix("ledger") })
        #expect(try await fixture.count("select count(*) from pg_class where relname like 'outcomes_\(round)%'") == 0)
        for table in RoundTable.all where table.stay == .goes {
            #expect(try await fixture.count("select count(*) from \(table.source(round))") == 0, "\(table.name)")
        }
        #expect(try await fixture.coordinator.ledgerEntries(of: round).last?.what == "dropped")
        #expect(try await fixture.coordinator.round(named: "round") == nil)
        #expect(try await fixture.coordinator.roundPlaces().first?.archive == manifest.hash)
        await #expect(throws: ParleyFailure.self, "its name is taken") { try await fixture.submit(testRound()) }
        await #expect(throws: PostgresError.self, "its ledger waits for it") {
            try await fixture.coordinator.append(to: round, "note", by: authority)
        }

        await #expect(throws: ParleyFailure.self, "what was withdrawn since would come back") {
            try await store.restore(older, settledBy: authority)
        }
        #expect(try await store.restore(path, settledBy: authority) == round)
        let after = try await facts(fixture, round)
        #expect(after.filter { !$0.hasPrefix("ledger") } == before.filter { !$0.hasPrefix("ledger") })
        #expect(Set(after).isSuperset(of: before))
        #expect(try await fixture.coordinator.round(named: "round")?.state == .exchange)
    }

    @Test("What was changed, is here already, is another round or went on apart is refused, and nothing is taken in")
    func refused() async throws {
        let source = try await QueueFixture()
        let target = try await QueueFixture()
        let round = try await busy(source)
        let path = file()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let from = try await store(source)
        let to = try await store(target)
        let manifest = try await from.archive(#require(await from.known("round")), to: path)
        await #expect(throws: ParleyFailure.self, "here already") {
            try await from.restore(path, settledBy: authority)
        }
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        let transcripts = try #require(manifest.tables.first { $0.name == "transcripts" })
        for place in [0, transcripts.offset + transcripts.storedBytes - 2, whole.count - 1, whole.count - 400] {
            var changed = whole
            changed[place] ^= 1
            try changed.write(to: URL(fileURLWithPath: path))
            await #expect(throws: (any Error).self, "byte \(place)") {
                try await to.restore(path, settledBy: authority)
            }
        }
        #expect(try await target.count("select count(*) from parley.rounds") == 0)
        try whole.write(to: URL(fileURLWithPath: path))
        let moved = try await to.restore(path, settledBy: authority)
        // Both go on: the archive of one is none for the other.
        _ = try await target.coordinator.control(.cancel, moved, by: authority)
        _ = try await target.coordinator.finishIfDone(moved)
        try await to.remove(moved, .dropped(archive: nil, by: authority), archived: nil)
        try await source.coordinator.append(to: round, "note", by: authority)
        _ = try await from.archive(#require(await from.known("round")), to: path)
        await #expect(throws: ParleyFailure.self, "forked") { try await to.restore(path, settledBy: authority) }

        let other = try await QueueFixture()
        try await other.submit(testRound(samples: 7))
        let third = try await store(other)
        await #expect(throws: ParleyFailure.self, "another round") {
            try await third.restore(path, settledBy: authority)
        }
        await #expect(throws: ParleyFailure.self, "no owner") {
            _ = try await RoundStore.open(
                source.database.configuration(role: QueueFixture.coordinatorLogin),
                logger: logger
            )
        }
    }

    @Test("While a dropped round's tables wait for a reader, other rounds are claimed and committed")
    func nobodyWaits() async throws {
        let fixture = try await QueueFixture()
        let gone = try await fixture.submit(testRound(name: "gone", models: ["a"])).round
        let worker = try await fixture.worker()
        try await worker.commitScored(worker.claim(limit: 4))
        _ = try await fixture.coordinator.finishIfDone(gone)
        try await fixture.submit(testRound(name: "next", models: ["b"]))
        let reader = try await fixture.database.connect()
        try await reader.execute(script: "begin; select count(*) from parley.outcomes")
        let store = try await store(fixture)
        let drop = Task { [authority] in
            try await store.remove(gone, .dropped(archive: nil, by: authority), archived: nil)
        }
        let pending = "select count(*) from pg_inherits where inhdetachpending"
        while try await fixture.count(pending) == 0 { await Task.yield() }
        let jobs = try await worker.claim(limit: 4)
        #expect(try await worker.commitScored(jobs) == [.committed, .committed, .committed, .committed])
        try await fixture.submit(testRound(name: "third", models: ["c"]))
        try await reader.execute(script: "commit")
        try await drop.value
        #expect(try await fixture.count("select count(*) from pg_class where relname like '%\\_\(gone)'") == 0)
        #expect(try await fixture.count("select count(*) from parley.outcomes") == 4)
    }
}
