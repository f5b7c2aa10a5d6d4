// The commit: exactly once, by fence.

import ParleyModel
import ParleyPostgres
import ParleyTestSupport
import Testing

@testable import ParleyQueue

@Suite("Commit")
struct CommitTests {
    @Test("A commit records the outcome, whole, and takes the job away")
    func record() async throws {
        let fixture = try await QueueFixture()
        let round = try await fixture.submit(testRound(samples: 2)).round
        let worker = try await fixture.worker()
        let job = try #require(try await worker.claim(limit: 1).first)
        let usage = Usage(input: 1, output: 2, cacheRead: 3, cacheWrite: 4, reasoning: 1)
        let commit = Commit(
            key: job.key,
            kind: .truncated,
            score: Score(billionths: 7),
            usage: usage,
            cost: Money(billionths: 9),
            latencyMicros: 11,
            modelReturned: "m-1",
            transcript: [1, 2, 3]
        )
        #expect(try await worker.commit([commit]) == [.committed])
        let outcome = try #require(try await fixture.coordinator.outcome(job: job.id))
        #expect(outcome.kind == .truncated && outcome.score == Score(billionths: 7) && outcome.usage == usage)
        #expect(outcome.cost == Money(billionths: 9) && outcome.latencyMicros == 11 && outcome.modelReturned == "m-1")
        #expect(outcome.fence == 1 && outcome.attempt == 1 && outcome.worker == worker.worker)
        #expect(try await fixture.coordinator.transcript(job: job.id) == [1, 2, 3])
        #expect(try await fixture.coordinator.finishIfDone(round) == .unfinished(jobs: 1))
    }

    @Test("A commit repeated after a lost answer finds its own, once")
    func repeated() async throws {
        let fixture = try await QueueFixture()
        try await fixture.submit(testRound())
        let worker = try await fixture.worker()
        let jobs = try await worker.claim(limit: 3)
        #expect(try await worker.commitScored(Array(jobs.prefix(2))) == [.committed, .committed])
        #expect(try await worker.commitScored(jobs) == [.alreadyMine, .alreadyMine, .committed])
        #expect(try await fixture.count("select count(*) from parley.outcomes") == 3)
    }

    @Test("Of two results of one job in a batch the first counts, and the batch is recorded")
    func twiceInOneBatch() async throws {
        let fixture = try await QueueFixture()
        try await fixture.submit(testRound())
        let worker = try await fixture.worker()
        // One that failed is a row of its own by now.
        let failed = try #require(try await worker.claim(limit: 1).first)
        let attempt = FailedAttempt(key: failed.key, failureClass: .timeout, message: "once")
        _ = try await worker.fail([attempt, attempt])
        #expect(try await fixture.count("select count(*) from parley.attempts") == 1)
        try await fixture.setClock(seconds: 3600)
        let jobs = try await worker.claim(limit: 4)
        #expect(jobs.contains { $0.key.block == nil } && jobs.contains { $0.key.block != nil })
        let results = (jobs + jobs.reversed()).enumerated().map { place, job in
            Commit(key: job.key, kind: .scored, score: place < jobs.count ? .one : .zero)
        }
        let first = Array(results.prefix(jobs.count))
        #expect(
            try await worker.commit(results + first)
                == first.map { _ in .committed } + results.map { _ in CommitAnswer.alreadyMine }
        )
        #expect(try await fixture.count("select count(*) from parley.outcomes") == jobs.count)
        #expect(try await fixture.count("select count(*) from parley.outcomes where score <> 1000000000") == 0)
    }

    @Test("A commit is sent again by itself when the connection breaks under it")
    func lostConnection() async throws {
        let fixture = try await QueueFixture()
        try await fixture.submit(testRound())
        let worker = try await fixture.worker()
        let jobs = try await worker.claim(limit: 4)
        _ = try await fixture.admin.query(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = $1 and datname = $2",
            [.text(QueueFixture.workerLogin), .text(fixture.database.name)]
        )
        #expect(try await worker.commitScored(jobs) == Array(repeating: .committed, count: 4))
    }

    @Test("Commits of one block's jobs at the same time leave none out and none twice")
    func sameBlock() async throws {
        let fixture = try await QueueFixture()
        try await fixture.submit(testRound(samples: 62))
        let worker = try await fixture.worker()
        let jobs = try await worker.claim(limit: 62)
        #expect(Set(jobs.map(\.key.block)).count == 1)
        let answers = try await withThrowingTaskGroup(of: [CommitAnswer].self) { group in
            for part in 0..<8 {
                // Neighbours overlap by some jobs.
                let mine = jobs.filter { $0.sample % 8 == part || $0.sample % 8 == (part + 1) % 8 }
                group.addTask { try await worker.commitScored(mine) }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(answers.count { $0 == .committed } == 62 && answers.count { $0 == .alreadyMine } == 62)
        #expect(try await fixture.count("select count(*) from parley.outcomes") == 62)
        #expect(try await fixture.count("select open from parley.blocks") == 0)
    }

    @Test("Jobs of a claim whose answer was lost come back by the heartbeat, unspent")
    func lostClaim() async throws {
        let fixture = try await QueueFixture()
        try await fixture.submit(testRound(samples: 5))
        let worker = try await fixture.worker()
        let jobs = try await worker.claim(limit: 5)
        try await fixture.setClock(seconds: 50)
        #expect(try await worker.heartbeat(Array(jobs.keys.prefix(3))) == [])
        #expect(try await worker.claim(limit: 5) == [], "they may still be on their way")
        try await fixture.setClock(seconds: 70)
        #expect(try await worker.heartbeat(Array(jobs.keys.prefix(3))) == [])
        let again = try await worker.claim(limit: 5)
        #expect(again.map(\.id).sorted() == jobs.map(\.id).suffix(2) && again.allSatisfy { $0.attempt == 1 })
        #expect(try await worker.commitScored(Array(jobs.suffix(2))) == [.lost, .lost])
    }

    @Test("After the lease expired and another worker claimed, the late commit is lost and the new one stands")
    func fence() async throws {
        let fixture = try await QueueFixture()
        try await fixture.submit(testRound(samples: 1))
        let first = try await fixture.worker("first")
        let second = try await fixture.worker("second")
        let early = try await first.claim(limit: 1)
        try await fixture.setClock(seconds: 61)
        #expect(try await fixture.coordinator.rescue() == .init(rescued: 1, dead: 0))
        try await fixture.setClock(seconds: 3600)
        let late = try await second.claim(limit: 1)
        #expect(late.map(\.id) == early.map(\.id) && late.first?.key.fence == 2 && late.first?.attempt == 2)
        #expect(try await first.heartbeat(early.keys) == early.map(\.id))
        #expect(try await first.commitScored(early) == [.lost])
        #expect(try await second.commitScored(late) == [.committed])
        #expect(try await first.commitScored(early) == [.lost])
        #expect(try await second.commitScored(late) == [.alreadyMine])
        let attempts = try await fixture.coordinator.attempts(job: try #require(early.first).id)
        #expect(attempts.map(\.failureClass) == ["worker_lost"] && attempts.map(\.isRescued) == [true])
    }

    @Test("A heartbeat keeps a lease alive that would have expired")
    func heartbeat() async throws {
        let fixture = try await QueueFixture()
        try await fixture.submit(testRound(samples: 1))
        let worker = try await fixture.worker()
        let jobs = try await worker.claim(limit: 1)
        try await fixture.setClock(seconds: 40)
        #expect(try await worker.heartbeat(jobs.keys) == [])
        try await fixture.setClock(seconds: 80)
        #expect(try await fixture.coordinator.rescue() == .init(rescued: 0, dead: 0))
        #expect(try await worker.commitScored(jobs) == [.committed])
    }

    @Test("Results that contradict themselves are refused, whole batches at a time")
    func contradiction() async throws {
        let fixture = try await QueueFixture()
        try await fixture.submit(testRound())
        let worker = try await fixture.worker()
        let jobs = try await worker.claim(limit: 2)
        for bad in [
            Commit(key: jobs[1].key, kind: .scored), Commit(key: jobs[1].key, kind: .unscorable, score: .one),
            Commit(key: jobs[1].key, kind: .failed),
            Commit(key: jobs[1].key, kind: .refused, usage: Usage(input: -1)),
        ] {
            let good = Commit(key: jobs[0].key, kind: .scored, score: .one)
            #expect(try await sqlState { _ = try await worker.commit([good, bad]) } == "23514")
        }
        #expect(try await worker.commitScored(jobs) == [.committed, .committed])
    }
}
