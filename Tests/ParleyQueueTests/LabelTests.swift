// People's labels: only ever added, superseded and withdrawn by rows, and what of them corrects judges.

import ParleyCoordinator
import ParleyEvidence
import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTestSupport
import Testing

@Suite("Labels")
struct LabelTests {
    private static func answered(_ fixture: QueueFixture) async throws -> (RoundID, [JobID]) {
        let round = try await fixture.submit(testRound(models: ["m", "n"], samples: 3, judges: ["a"])).round
        let worker = try await fixture.worker()
        let probes = try await worker.claim(limit: 6)
        _ = try await worker.commit(probes.map { Commit(key: $0.key, kind: .answered, transcript: [1]) })
        return (round, probes.map(\.id).sorted())
    }

    private static func label(_ job: JobID, _ score: Score, note: String = "") -> NewLabel {
        NewLabel(job: job, verdict: .labelled(grade: score == .one ? "A" : "B", score), note: note)
    }

    @Test("A later label of an author supersedes the one before it, which stays; the same one again is none")
    func superseding() async throws {
        let fixture = try await QueueFixture()
        let (round, jobs) = try await Self.answered(fixture)
        let queue = fixture.coordinator
        func add(_ label: NewLabel, by author: String) async throws -> Int {
            try await queue.addLabels([label], round: round, author: author)
        }
        #expect(try await add(Self.label(jobs[0], .one), by: "ada") == 1)
        #expect(try await add(Self.label(jobs[0], .one), by: "ada") == 0)
        #expect(try await add(Self.label(jobs[0], .zero, note: "read again"), by: "ada") == 1)
        #expect(
            try await add(NewLabel(job: jobs[1], verdict: .withdrawn), by: "ada") == 0,
            "there is nothing to withdraw"
        )
        #expect(try await add(Self.label(jobs[1], .one), by: "ada") == 1)
        #expect(try await add(NewLabel(job: jobs[1], verdict: .withdrawn), by: "ada") == 1)
        let kept = try await queue.labels(round: round)
        #expect(kept.map(\.supersedes) == [nil, kept[0].id, nil, kept[2].id])
        #expect(kept.map(\.author) == ["ada", "ada", "ada", "ada"] && kept[1].note == "read again")
        let current = AuditLabels(kept).current
        #expect(current.count == 1 && current.values.first?.map(\.verdict.score) == [.zero])
    }

    @Test("No statement of the coordinator or of the owner changes or deletes a label")
    func immutable() async throws {
        let fixture = try await QueueFixture()
        let (round, jobs) = try await Self.answered(fixture)
        try await fixture.coordinator.addLabels([Self.label(jobs[0], .one)], round: round, author: "ada")
        let coordinator = try await fixture.database.connect(role: QueueFixture.coordinatorLogin)
        for statement in [
            "update parley.labels set score = 0", "delete from parley.labels", "truncate parley.labels",
            "insert into parley.labels (round_id, job_id, cell_no, sample_no, epoch, author, verdict) values (1, 0, 0, 0, 1, 'x', 'undecidable')",
        ] {
            #expect(try await sqlState { try await coordinator.execute(script: statement) } == "42501")
        }
        for statement in ["update parley.labels set score = 0", "delete from parley.labels", "truncate parley.labels"] {
            #expect(
                try await sqlState { try await fixture.admin.execute(script: statement) } == "42501",
                "\(statement)"
            )
        }
        #expect(try await fixture.count("select count(*) from parley.labels where score = 1000000000") == 1)
        await coordinator.close()
    }

    @Test("A label of a job without an answer that judges grade is refused, and with it all of its batch")
    func unanswered() async throws {
        let fixture = try await QueueFixture()
        let (round, jobs) = try await Self.answered(fixture)
        let unknown = JobID(jobs[5].rawValue + 1)
        let batch = [Self.label(jobs[0], .one), Self.label(unknown, .one)]
        #expect(
            try await sqlState { try await fixture.coordinator.addLabels(batch, round: round, author: "ada") }
                == "22023"
        )
        #expect(try await fixture.coordinator.labels(round: round).isEmpty)
    }

    @Test("Several people's labels of an answer count where more than half agree; findings use them without a file")
    func several() async throws {
        let fixture = try await QueueFixture()
        let (round, jobs) = try await Self.answered(fixture)
        let queue = fixture.coordinator
        try await queue.addLabels(jobs.map { Self.label($0, .one) }, round: round, author: "ada")
        try await queue.addLabels([Self.label(jobs[0], .zero), Self.label(jobs[1], .one)], round: round, author: "ben")
        let unsure = NewLabel(job: jobs[1], verdict: .undecidable)
        try await queue.addLabels([unsure, Self.label(jobs[0], .zero)], round: round, author: "eve")
        let labels = AuditLabels(try await queue.labels(round: round))
        #expect(labels.unsettled == 0)
        let records = labels.records(try await queue.definition(of: round))
        #expect(records.map(\.score) == [.zero] + Array(repeating: .one, count: 5))
        #expect(
            records.map(\.configuration) == ["m", "m", "m", "n", "n", "n"]
                && records.map(\.sample) == [0, 1, 2, 0, 1, 2]
        )
        try await queue.addLabels([Self.label(jobs[2], .zero)], round: round, author: "ben")
        #expect(AuditLabels(try await queue.labels(round: round)).unsettled == 1)
        let worker = try await fixture.worker("judge")
        try await worker.commitScored(try await worker.claim(limit: 10))
        let errors = try await queue.findings(round: round).judges.errors
        #expect(errors.map(\.auditedSamples) == [2, 3] && errors.map(\.disagreements) == [1, 0])
    }

    @Test("The seed opens once all answers are there, and only the one that was frozen; from then on the draw is known")
    func seed() async throws {
        let fixture = try await QueueFixture()
        let queue = fixture.coordinator
        let seed = SealedSeed(secret: (0..<32).map { UInt8($0) })
        var definition = testRound(models: ["m", "n"], samples: 3, judges: ["a"])
        definition.audit = AuditSample(size: 2, seed: seed.commitment)
        let round = try await fixture.submit(definition).round
        func record() async throws -> RoundRecord { try #require(try await queue.round(named: "round")) }
        func select(_ seed: SealedSeed?) async throws -> [AuditItem] {
            try await queue.auditSelection(of: try await record(), seed: seed, by: "ada").items
        }
        await #expect(throws: ParleyFailure.self) { _ = try await select(nil) }
        #expect(try await sqlState { _ = try await select(seed) } == "55000", "answers are to come")
        let worker = try await fixture.worker()
        let probes = try await worker.claim(limit: 6)
        _ = try await worker.commit(probes.map { Commit(key: $0.key, kind: .answered, transcript: [1]) })
        let other = SealedSeed(secret: [UInt8](repeating: 1, count: 32))
        await #expect(throws: ParleyFailure.self) { _ = try await select(other) }
        #expect(try await sqlState { try await queue.openAuditSeed(other.opened, round: round, by: "ada") } == "22023")
        let drawn = try await select(seed)
        #expect(drawn.count == 4 && drawn.count { $0.cell == 0 } == 2)
        #expect(try await select(nil) == drawn)
        #expect(try await select(seed) == drawn)
        #expect(try await queue.openedAuditSeed(round: round) == seed.opened)
        #expect(try await fixture.count("select count(*) from parley.ledger where what = 'audit'") == 1)
    }
}
