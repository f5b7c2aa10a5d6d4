// Where a long job stands: kept by its holder alone, found by the next one, and charged once.

import ParleyModel
import ParleyPostgres
import ParleyTestSupport
import Testing

@testable import ParleyQueue

@Suite("Checkpoints")
struct CheckpointTests {
    private static func used(_ tokens: Int64) -> (usage: Usage, cost: Money) {
        (Usage(input: tokens - 1, output: 1), Money(billionths: tokens * 1000))
    }

    /// What a stream was charged: tokens, cost, jobs of unknown use.
    private func spent(_ fixture: QueueFixture) async throws -> [Int64] {
        let row = try await fixture.admin.query(
            """
            select coalesce(sum(tokens), 0)::bigint as tokens, coalesce(sum(cost), 0)::bigint as cost,
                coalesce(sum(unknown), 0)::bigint as unknown
            from parley.spent((select array_agg(id) from parley.streams))
            """
        ).only()
        return [try row.int64(0), try row.int64(1), try row.int64(2)]
    }

    private func save(_ number: UInt8, tokens: Int64, of job: ClaimedJob, by worker: WorkerQueue) async throws -> Bool {
        let used = Self.used(tokens)
        return try await worker.save([number], of: job.key, usage: used.usage, cost: used.cost)
    }

    @Test("A job goes on from where its dead worker kept it, and is charged once for what both used")
    func goesOn() async throws {
        let fixture = try await QueueFixture()
        try await fixture.submit(testRound(samples: 3), reservations: [[Reservation(tokens: 500, cost: .zero)]])
        let first = try await fixture.worker("first")
        let jobs = try await first.claim(limit: 3)
        let job = try #require(jobs.first)
        #expect(job.key.block != nil)
        #expect(try await first.checkpoint(of: job.key) == nil)
        #expect(try await save(1, tokens: 100, of: job, by: first))
        #expect(try await save(2, tokens: 150, of: job, by: first))
        #expect(try await save(2, tokens: 150, of: job, by: first), "repeated after a lost answer")
        #expect(try await spent(fixture) == [150, 150_000, 0])
        let other = try await fixture.worker("other")
        #expect(try await !save(9, tokens: 1, of: job, by: other), "the job is not its own")
        _ = try await first.release(jobs.dropFirst().map(\.key))

        try await fixture.setClock(seconds: 100)
        #expect(try await fixture.coordinator.rescue().rescued == 1)
        #expect(try await !save(3, tokens: 180, of: job, by: first), "the lease is over")
        #expect(try await spent(fixture) == [650, 150_000, 1], "what came after the checkpoint is not known")
        try await fixture.setClock(seconds: 1000)
        let again = try #require(try await other.claim(limit: 3).first { $0.id == job.id })
        #expect(again.key.fence > 1 && again.key.block == nil)
        #expect(try await other.checkpoint(of: again.key) == [2])
        #expect(try await first.checkpoint(of: job.key) == nil)
        #expect(try await first.checkpoint(of: again.key) == nil, "it is another worker's")
        #expect(try await save(3, tokens: 200, of: again, by: other))
        let used = Self.used(230)
        let commit = Commit(key: again.key, kind: .scored, score: .one, usage: used.usage, cost: used.cost)
        #expect(try await other.commit([commit]) == [.committed])
        #expect(try await !save(4, tokens: 240, of: again, by: other), "it is finished")
        #expect(try await fixture.coordinator.settleCheckpoints() == 1)
        #expect(try await fixture.coordinator.settleCheckpoints() == 0)
        #expect(try await spent(fixture) == [500 + 230, 230_000, 1])
    }

    @Test("A run that began again is charged beside the one that it forgot; a rerun by ruling begins again")
    func beginsAgain() async throws {
        let fixture = try await QueueFixture()
        try await fixture.admin.execute(script: "update parley.settings set max_identical = 1")
        let round = try await fixture.submit(testRound(samples: 1)).round
        let worker = try await fixture.worker()
        let job = try #require(try await worker.claim(limit: 1).first)
        #expect(try await save(1, tokens: 100, of: job, by: worker))
        #expect(try await save(2, tokens: 40, of: job, by: worker))
        #expect(try await spent(fixture) == [140, 140_000, 0])
        let failed = FailedAttempt(
            key: job.key,
            failureClass: .invalidRequest,
            message: "no",
            usage: Usage(input: 7),
            cost: .zero
        )
        _ = try await worker.fail([failed])
        #expect(try await spent(fixture) == [147, 140_000, 0])
        #expect(try await fixture.coordinator.rule(.rerun, on: [job.id], round: round, by: .init(actor: "test")) == 1)
        let again = try #require(try await worker.claim(limit: 1).first)
        #expect(try await worker.checkpoint(of: again.key) == nil)
        #expect(try await save(1, tokens: 10, of: again, by: worker))
        #expect(try await worker.checkpoint(of: again.key) == [1])
        #expect(try await spent(fixture) == [157, 150_000, 0])
    }
}
