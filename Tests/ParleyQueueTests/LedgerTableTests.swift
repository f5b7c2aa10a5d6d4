// The ledger's table: the same hashes as the package's, appended side by side, changed by nobody, and found when the one
// who could change it did.

import Foundation
import Logging
import ParleyEvidence
import ParleyModel
import ParleyPostgres
import ParleyTestSupport
import Testing

@testable import ParleyCoordinator
@testable import ParleyQueue

@Suite("The ledger's table")
struct LedgerTableTests {
    private let fixture: QueueFixture

    init() async throws { fixture = try await QueueFixture() }

    private func record(_ name: RoundName = "round") async throws -> RoundRecord {
        try #require(try await fixture.coordinator.round(named: name))
    }

    @Test("Hostile texts get the hashes that Ledger gives them", arguments: 1...4 as ClosedRange<UInt64>)
    func hostile(seed: UInt64) async throws {
        let round = try await fixture.submit(testRound()).round
        var generator = SeededGenerator(seed: seed)
        let pieces = [
            "\"", "\\", "/", "\n", "\r\n", "\t", "\u{8}", "\u{C}", "\u{1}", "\u{1F}", "\u{7F}", "\u{80}", "\u{2028}",
            "é", "e\u{301}", "𝄞", "\u{FFFF}", "\u{FEFF}", "\u{E000}", "'; drop table parley.ledger; --", "{}", "$1",
            "%s",
            "<script>", " ", "",
        ]
        func text(_ count: Int) -> String {
            (0..<Int.random(in: 0...count, using: &generator))
                .map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
        }
        for _ in 0..<60 {
            try await fixture.coordinator.append(
                to: round,
                "x" + text(3),
                subject: text(20),
                by: .init(actor: "w" + text(8), reason: text(40))
            )
            try await fixture.setClock(seconds: Int.random(in: -4_000_000_000...4_000_000_000, using: &generator))
        }
        // Throws where one of the stored hashes is not that of its content.
        let ledger = try await fixture.coordinator.ledger(of: record())
        #expect(ledger.entries.count == 63, "seed \(seed)")
        #expect(try Ledger(parsing: ledger.bytes, round: "round") == ledger, "seed \(seed)")
    }

    @Test("Entries that are appended side by side form one chain a round")
    func sideBySide() async throws {
        let rounds = try await [
            fixture.submit(testRound(name: "a")).round, fixture.submit(testRound(name: "b")).round,
        ]
        let database = fixture.database
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    let pool = PostgresPool(database.configuration(role: QueueFixture.coordinatorLogin), maximum: 1)
                    let queue = CoordinatorQueue(pool: pool)
                    for number in 0..<25 {
                        try await queue.append(
                            to: rounds[(writer + number) % 2],
                            "note",
                            subject: "\(writer)/\(number)",
                            by: .init(actor: "w\(writer)")
                        )
                    }
                    await pool.close()
                }
            }
            try await group.waitForAll()
        }
        var subjects: [String] = []
        for name in ["a", "b"] as [RoundName] {
            let ledger = try await fixture.coordinator.ledger(of: record(name))
            #expect(ledger.entries.count == 103)
            subjects += ledger.entries.filter { $0.what == "note" }.map(\.subject)
        }
        #expect(Set(subjects).count == 200)
    }

    @Test("Jobs are claimed and committed while an entry is being written")
    func hotPath() async throws {
        let round = try await fixture.submit(testRound(samples: 4)).round
        let worker = try await fixture.worker()
        let other = try await fixture.database.connect(role: QueueFixture.coordinatorLogin)
        try await other.execute(script: "begin; select parley.append_ledger(\(round), 'x', 'y', '', '')")
        try await worker.commitScored(try await worker.claim(limit: 4))
        #expect(try await fixture.count("select count(*) from parley.outcomes") == 4)
        try await other.execute(script: "rollback")
    }

    @Test("Nobody changes, removes or forges an entry: not the coordinator, not the superuser")
    func append() async throws {
        let round = try await fixture.submit(testRound()).round
        let coordinator = try await fixture.database.connect(role: QueueFixture.coordinatorLogin)
        let changes = [
            "update parley.ledger set why = 'x'", "delete from parley.ledger", "truncate parley.ledger",
            "update parley.signatures set party = 'x'", "delete from parley.amendments",
        ]
        for sql in changes + [
            "insert into parley.ledger select * from parley.ledger", "update parley.rounds set state = 'published'",
            "select parley.chain(\(round), now(), 'x', 'moved', 'published', '')",
            "insert into parley.transitions values ('running', 'published')",
        ] {
            #expect(try await sqlState { try await coordinator.execute(script: sql) } == "42501", "\(sql)")
        }
        for what in ["drafted", "moved", "signed", "amended"] {
            let state = try await sqlState {
                _ = try await fixture.coordinator.append(to: round, what, by: .init(actor: "x"))
            }
            #expect(state == "42501", "\(what)")
        }
        for sql in changes.prefix(3) {
            #expect(try await sqlState { try await fixture.admin.execute(script: sql) } == "42501", "\(sql)")
        }
        // Not even by a session that says it is a replica.
        let replica = "set session_replication_role = replica; delete from parley.ledger"
        #expect(try await sqlState { try await fixture.admin.execute(script: replica) } == "42501")
    }

    private func checks(
        of round: RoundID,
        _ kept: DSSEEnvelope,
        _ trusted: PublicKey
    ) async throws -> [VerificationReport.Check] {
        let ledger = try await fixture.coordinator.ledger(of: record())
        let stored = try await fixture.coordinator.witnesses(of: round)
        let check = try LedgerCheck(ledger, kept: [kept], stored: stored, trusted: [trusted])
        return check.checks
    }

    @Test(
        "A chain that its server's owner rebuilt is found against the last witness, and what no witness covers is said"
    )
    func rebuilt() async throws {
        let round = try await fixture.submit(testRound()).round
        let olga = CoordinatorQueue.Authority(actor: "olga", reason: "lunch")
        try await fixture.coordinator.control(.pause, round, by: olga)
        let key = try SigningKey(party: "south")
        let before = try await fixture.coordinator.ledger(of: record())
        let kept = try await fixture.coordinator.witness(record(), before, salts: nil, at: "then", by: key)
        try await fixture.coordinator.control(.resume, round, by: olga)
        let honest = try await checks(of: round, kept, key.publicKey)
        #expect(honest.allSatisfy { $0.status != .failed })
        #expect(honest.contains { $0.status == .notCovered && $0.subject == "entries 5 to 5" })

        // With nobody's leave: all entries taken out, one of them changed, and the whole chain made anew.
        try await fixture.admin.execute(
            script: """
                alter table parley.ledger disable trigger all;
                create temporary table old as select * from parley.ledger;
                delete from parley.ledger;
                do $$
                declare v record;
                begin
                    for v in select * from old order by sequence loop
                        perform parley.chain(
                            v.round_id, v.at, case v.what when 'pause' then 'nobody' else v.who end, v.what, v.subject,
                            v.why);
                    end loop;
                end
                $$;
                alter table parley.ledger enable trigger all;
                """
        )
        // The chain itself holds: nothing is wrong with it but its head.
        let after = try await fixture.coordinator.ledger(of: record())
        #expect(after.entries.count == before.entries.count + 1 && after.head(at: 4) != before.head)
        let found = try await checks(of: round, kept, key.publicKey)
        #expect(found.contains { $0.status == .failed && $0.check == "witness" && $0.reason.contains("rebuilt") })

        // Changed without rebuilding it, it is no chain.
        try await fixture.admin.execute(
            script: """
                alter table parley.ledger disable trigger all;
                update parley.ledger set why = 'x' where sequence = 2;
                """
        )
        await #expect(throws: ParleyFailure.self) { try await fixture.coordinator.ledger(of: record()) }
    }
}

/// The coordinator's own witness, driven without its daemon.
@Suite("The coordinator's witness")
struct LedgerWitnessTests {
    @Test("signs at each change of state and hourly while the round runs, and keeps the file outside the database")
    func duty() async throws {
        let fixture = try await QueueFixture()
        let folder = TestCluster.temporaryFolder()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let key = try SigningKey(party: "mediator")
        let witness = LedgerWitness(signer: key, folder: folder, logger: Logger(label: "test"))
        let round = try await fixture.submit(testRound(samples: 2)).round
        func attend() async throws -> [Int] {
            try await witness.attend(fixture.coordinator.rounds(), fixture.coordinator)
            return try await fixture.coordinator.signatures(.witness, of: round).compactMap(\.sequence)
        }
        #expect(try await attend() == [3])
        try await fixture.coordinator.control(.pause, round, by: .init(actor: "olga", reason: "lunch"))
        try await fixture.coordinator.control(.resume, round, by: .init(actor: "olga", reason: "lunch"))
        try await fixture.setClock(seconds: 3500)
        #expect(try await attend() == [3])
        try await fixture.setClock(seconds: 3600)
        #expect(try await attend() == [3, 5])
        try await fixture.setClock(seconds: 9000)
        #expect(try await attend() == [3, 5], "nothing happened")
        let worker = try await fixture.worker()
        try await worker.commitScored(try await worker.claim(limit: 2))
        _ = try await fixture.coordinator.finishIfDone(round)
        #expect(try await attend() == [3, 5, 6])
        #expect(try await attend() == [3, 5, 6])

        let file = try #require(FileManager.default.contents(atPath: "\(folder)/round-6.witness.json"))
        let last = try Witness(in: DSSEEnvelope(parsing: Array(file)))
        let record = try #require(try await fixture.coordinator.round(named: "round"))
        let salts = try SaltSecret(file: "\(folder)/round.salts")
        #expect(last.head == (try await fixture.coordinator.ledger(of: record).head))
        #expect(last.outcomes == (try await fixture.coordinator.outcomesRoot(of: record, salts: salts)))
        #expect(last.outcomes?.count == 2)
    }

    @Test("signs no ledger that does not go on from what it signed before, and leaves the kept file as it is")
    func continuation() async throws {
        let folder = TestCluster.temporaryFolder()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let key = try SigningKey(party: "mediator")
        let witness = LedgerWitness(signer: key, folder: folder, logger: Logger(label: "test"))
        let file = "\(folder)/round-3.witness.json"
        // Two databases with a round of one name: the second has another ledger.
        let first = try await QueueFixture()
        try await first.submit(testRound(samples: 2))
        try await witness.attend(first.coordinator.rounds(), first.coordinator)
        let kept = FileManager.default.contents(atPath: file)
        let second = try await QueueFixture()
        try await second.setClock(seconds: 60)
        let round = try await second.submit(testRound(samples: 2)).round
        let refused = await #expect(throws: ParleyFailure.self) {
            try await witness.attend(second.coordinator.rounds(), second.coordinator)
        }
        #expect(refused?.category == .verification && refused?.message.contains("entry 3 by mediator") == true)
        #expect(kept != nil && FileManager.default.contents(atPath: file) == kept)
        #expect(try await second.coordinator.signatures(.witness, of: round).isEmpty)
        try FileManager.default.moveItem(atPath: file, toPath: folder + "/kept.json")
        try await witness.attend(second.coordinator.rounds(), second.coordinator)
        #expect(try await second.coordinator.signatures(.witness, of: round).count == 1)
    }
}
