// What becomes of attempts that failed.

import ParleyCoordinator
import ParleyModel
import ParleyPostgres
import Testing

@testable import ParleyQueue

@Suite("Retries")
struct RetryTests {
    private let fixture: QueueFixture
    private let worker: WorkerQueue

    init() async throws {
        fixture = try await QueueFixture()
        worker = try await fixture.worker()
    }

    private func only(_ jobs: [ClaimedJob]) throws -> ClaimedJob {
        #expect(jobs.count == 1)
        return try #require(jobs.first)
    }

    private func fail(_ job: ClaimedJob, _ failureClass: FailureClass, _ print: String = "f") async throws -> FailAnswer
    {
        try await worker.fail([
            FailedAttempt(key: job.key, failureClass: failureClass, message: "boom", fingerprint: print)
        ])[0]
    }

    @Test("The database and the model agree on each class's retry", arguments: FailureClass.allCases)
    func classes(_ failureClass: FailureClass) async throws {
        let row = try await fixture.admin.query("select parley.retry_of($1) as way", [.text(failureClass.rawValue)])
        #expect(try row.only().text("way") == failureClass.retry.rawValue)
    }

    @Test("The wait doubles up to its limit, jittered over its upper half")
    func backoff() async throws {
        let rows = try await fixture.admin.query(
            """
            select a as attempt, min(extract(epoch from w.w))::float8 as least,
                max(extract(epoch from w.w))::float8 as most,
                count(distinct w.w) as waits
            from generate_series(1, 40) a, generate_series(1, 200) j,
                lateral (select parley.backoff(j, a, a, '1 second', '5 minutes') as w) w
            group by a order by a
            """
        )
        for row in rows {
            let attempt = try row.int32("attempt")
            var whole = 1.0
            for _ in 1..<attempt where whole < 300 { whole = min(whole * 2, 300) }
            let (least, most) = (try row.float64("least"), try row.float64("most"))
            #expect(least >= whole / 2 && most < whole + 1e-6 && most - least > whole / 3)
            #expect(try row.int64("waits") > 100)
        }
    }

    @Test("The provider's Retry-After is obeyed: not claimed before, claimed after")
    func retryAfter() async throws {
        try await fixture.submit(testRound(samples: 1))
        let job = try only(try await worker.claim(limit: 5))
        let attempt = FailedAttempt(
            key: job.key,
            failureClass: .rateLimited,
            message: "429",
            retryAfter: .seconds(600),
            usage: Usage(input: 5)
        )
        guard case .deferred(let next) = try await worker.fail([attempt])[0] else {
            Issue.record("the job was not deferred")
            return
        }
        let record = try #require(try await fixture.coordinator.attempts(job: job.id).first)
        #expect(next - record.endedAtMicros == 600_000_000)
        #expect(record.usage == Usage(input: 5) && record.cost == nil && !record.isRescued)
        try await fixture.setClock(seconds: 500)
        #expect(try await worker.claim(limit: 5) == [])
        try await fixture.setClock(seconds: 700)
        let again = try only(try await worker.claim(limit: 5))
        #expect(again.id == job.id && again.attempt == 1 && again.key.fence == 2, "a 429 is no attempt of the job's")
    }

    @Test("A report repeated after a lost answer gets the first one's answer; a stranger's fence is lost")
    func repeated() async throws {
        try await fixture.submit(testRound(samples: 1))
        let job = try only(try await worker.claim(limit: 1))
        let first = try await fail(job, .timeout)
        #expect(try await fail(job, .timeout) == first)
        let wrong = FailedAttempt(key: LeaseKey(job: job.id, fence: 9), failureClass: .timeout, message: "")
        #expect(try await worker.fail([wrong]) == [.lost])
        #expect(try await fixture.coordinator.attempts(job: job.id).count == 1)
    }

    @Test("The eighth transient failure ends the job")
    func transientCap() async throws {
        let round = try await fixture.submit(testRound(samples: 1)).round
        for attempt in 1...8 {
            let job = try only(try await worker.claim(limit: 1))
            #expect(job.attempt == attempt)
            let answer = try await fail(job, .serverError, "same")
            #expect((answer == .dead) == (attempt == 8))
            try await fixture.setClock(seconds: attempt * 600)
        }
        #expect(try await worker.claim(limit: 1) == [])
        let dead = try await fixture.coordinator.deadJobs(round: round)
        #expect(dead.map(\.failureClass) == ["server_error"] && dead.map(\.attempt) == [8])
        #expect(try await fixture.coordinator.finishIfDone(round) == .finished(unruled: 1))
        #expect(try await fixture.observations(round).map(\.kind) == [.failed])
    }

    @Test("A job whose first claim is a day old is not tried again")
    func elapsedCap() async throws {
        try await fixture.submit(testRound(samples: 1))
        let job = try only(try await worker.claim(limit: 1))
        try await fixture.setClock(seconds: 86_399)
        guard case .requeued = try await fail(job, .timeout) else {
            Issue.record("a job younger than a day was not requeued")
            return
        }
        try await fixture.setClock(seconds: 87_000)
        #expect(try await fail(try only(try await worker.claim(limit: 1)), .timeout) == .dead)
    }

    @Test("Three identical deterministic failures end the job, different ones do not")
    func deterministicCap() async throws {
        try await fixture.submit(testRound(samples: 1))
        var answers: [FailAnswer] = []
        for (index, print) in ["a", "a", "b", "b", "b"].enumerated() {
            let job = try only(try await worker.claim(limit: 1))
            answers.append(try await fail(job, .invalidRequest, print))
            try await fixture.setClock(seconds: (index + 1) * 600)
        }
        #expect(answers.map { $0 == .dead } == [false, false, false, false, true])
    }

    @Test("A worker that dies over a job again and again ends the job, not the queue")
    func poison() async throws {
        let round = try await fixture.submit(testRound(samples: 1)).round
        for attempt in 1...8 {
            _ = try only(try await worker.claim(limit: 1))
            try await fixture.setClock(seconds: attempt * 1000 - 500)
            #expect(try await fixture.coordinator.rescue() == .init(rescued: 1, dead: attempt == 8 ? 1 : 0))
            try await fixture.setClock(seconds: attempt * 1000)
        }
        #expect(try await fixture.coordinator.deadJobs(round: round).map(\.failureClass) == ["worker_lost"])
    }

    @Test(
        "Spent quota pauses the account's streams of the round, a refused key those of its model, and leaves the attempt unspent, until resumed",
        arguments: [(FailureClass.quotaExhausted, ["m", "n"]), (.authentication, ["m"])]
    )
    func pause(_ failureClass: FailureClass, _ models: [String]) async throws {
        let round = try await fixture.submit(testRound(models: ["m", "n"], samples: 2)).round
        let jobs = try await worker.claim(limit: 4)
        let job = try #require(jobs.first { $0.cell == 0 })
        #expect(try await fail(job, failureClass) == .paused)
        let status = try await fixture.coordinator.status(round: round)
        #expect(status.paused.map(\.model.text) == models)
        #expect(status.paused.first?.pauseReason == "\(failureClass.rawValue): boom")
        #expect(try await fixture.coordinator.events(round: round).map(\.subject).first == "account lab (1)")
        #expect(try await worker.claim(limit: 4) == [])
        let resumed = try await fixture.coordinator.control(.resume, round, by: .init(actor: "olga"))
        #expect(resumed.streams == models.count)
        let again = try only(try await worker.claim(limit: 4))
        #expect(again.id == job.id && again.attempt == 1 && again.key.fence == 2)
        #expect(try await fixture.coordinator.attempts(job: job.id).map(\.disposition) == ["paused"])
    }

    @Test("Released jobs come back at once, with the attempt unspent")
    func release() async throws {
        try await fixture.submit(testRound(samples: 3))
        let jobs = try await worker.claim(limit: 3)
        #expect(try await worker.release(jobs.keys) == 3)
        #expect(try await worker.release(jobs.keys) == 0)
        #expect(try await worker.commitScored(jobs) == [.lost, .lost, .lost])
        let again = try await worker.claim(limit: 3)
        #expect(Set(again.map(\.id)) == Set(jobs.map(\.id)))
        #expect(again.allSatisfy { $0.attempt == 1 && $0.key.fence == 2 })
    }

    @Test("A retired worker gets nothing more")
    func retire() async throws {
        try await fixture.submit(testRound())
        try await worker.retire(finally: false)
        #expect(try await worker.claim(limit: 3) == [])
    }

    @Test("A dead job can be run again, excluded or accepted")
    func rulings() async throws {
        try await fixture.admin.execute(script: "update parley.settings set max_attempts = 1")
        let round = try await fixture.submit(testRound(samples: 3)).round
        let jobs = try await worker.claim(limit: 3)
        for job in jobs { #expect(try await fail(job, .timeout) == .dead) }
        #expect(try await fixture.coordinator.finishIfDone(round) == .finished(unruled: 3))
        let ids = jobs.map(\.id).sorted()
        #expect(try await fixture.coordinator.rule(.exclude, on: [ids[0]], round: round, by: .init(actor: "me")) == 1)
        #expect(try await fixture.coordinator.rule(.accept, on: [ids[1]], round: round, by: .init(actor: "me")) == 1)
        #expect(
            try await fixture.coordinator.rule(.rerun, on: [ids[2], JobID(5)], round: round, by: .init(actor: "me"))
                == 1
        )
        #expect(try await fixture.coordinator.finishIfDone(round) == .unfinished(jobs: 1))
        let again = try only(try await worker.claim(limit: 3))
        #expect(again.id == ids[2] && again.attempt == 1 && again.key.fence == 2)
        #expect(try await worker.commitScored(jobs) == [.lost, .lost, .lost])
        #expect(try await worker.commitScored([again]) == [.committed])
        #expect(try await fixture.coordinator.finishIfDone(round) == .finished(unruled: 0))
        let observations = try await fixture.observations(round)
        #expect(observations.map(\.job) == [ids[1], ids[2]])
        #expect(observations.map(\.kind) == [.failed, .scored])
    }

    @Test("Findings are complete without what a ruling excludes, and say so; a rerun opens them again")
    func excluded() async throws {
        try await fixture.admin.execute(script: "update parley.settings set max_attempts = 1")
        let round = try await fixture.submit(testRound(samples: 3)).round
        let jobs = try await worker.claim(limit: 3)
        try await worker.commitScored(Array(jobs[1...]))
        #expect(try await fail(jobs[0], .timeout) == .dead)
        func rule(_ ruling: Ruling) async throws -> FindingsDocument {
            try await fixture.coordinator.rule(ruling, on: [jobs[0].id], round: round, by: .init(actor: "me"))
            return try await fixture.coordinator.findings(round: round)
        }
        let excluded = try await rule(.exclude)
        #expect(excluded.complete && excluded.cells.map(\.neverRun) == [1] && excluded.cells.map(\.ruledOut) == [1])
        let record = try #require(try await fixture.coordinator.rounds().first)
        let shown = try await fixture.coordinator.operations(rounds: [record.name]).rounds
        #expect(shown.map(\.dead) == [0], "nothing waits for a ruling")
        let open = try await rule(.rerun)
        #expect(!open.complete && open.cells.map(\.ruledOut) == [nil])
    }

    @Test("Text that the database cannot hold is cut and cleaned, not refused")
    func hostileText() async throws {
        try await fixture.submit(testRound(samples: 1))
        let job = try only(try await worker.claim(limit: 1))
        let attempt = FailedAttempt(
            key: job.key,
            failureClass: .worker,
            message: "a\0b" + String(repeating: "é", count: 9000),
            fingerprint: String(repeating: "x", count: 9000),
            retryAfter: .seconds(Int64.max)
        )
        guard case .requeued = try await worker.fail([attempt])[0] else {
            Issue.record("the job was not requeued")
            return
        }
        let record = try #require(try await fixture.coordinator.attempts(job: job.id).first)
        #expect(record.message.hasPrefix("a\u{FFFD}bé") && record.message.count == 2000)
        #expect(record.fingerprint.count == 120)
    }
}
