// Three workers claim, beat, commit, fail, release and repeat in random order while leases expire, the rescue runs, the
// round is cancelled and taken up again, claims are rolled back and connections are cut.
// An in-memory model says what each call must answer; at the end each job has exactly one outcome or is dead.

import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTestSupport
import Testing

@Suite("Random interleavings")
struct InterleavingTests {
    /// What the model knows of one job.
    private struct Model {
        var fence: Int64 = 0
        var attempt = 0
        /// The worker that holds it, and since when on the model's clock.
        var holder: Int?
        var since = 0
        /// Who committed it, at which fence.
        var committed: (worker: Int, fence: Int64)?
        var dead = false
    }

    private struct Held {
        var worker: Int
        var job: ClaimedJob
    }

    @Test("Each job ends once, and every answer is the one that the model gives", arguments: 0..<3)
    func interleaving(_ run: Int) async throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("interleaving \(run): seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let fixture = try await QueueFixture()
        // Waits are shorter than one step of the clock, so that what was requeued can be claimed in the next step.
        try await fixture.admin.execute(
            script: "update parley.settings set max_attempts = 4, first_delay = '1 ms', longest_delay = '1 ms'"
        )
        let round = try await fixture.submit(testRound(models: ["m", "n"], samples: 12, epochs: 2)).round
        var workers: [WorkerQueue] = []
        for index in 0..<3 { workers.append(try await fixture.worker("w\(index)", lease: .seconds(100))) }
        var model: [JobID: Model] = [:]
        var seen: [Held] = []
        // When each worker's lease ends.
        var expires = [100, 100, 100]
        var clock = 0
        let authority = CoordinatorQueue.Authority(actor: "test")

        for step in 0..<160 {
            let comment: Comment = "seed \(seed), step \(step)"
            let who = Int.random(in: 0..<3, using: &random)
            let picked = (0..<Int.random(in: 1...4, using: &random)).compactMap { _ in
                seen.randomElement(using: &random)
            }
            .filter { $0.worker == who }
            let batch = Dictionary(picked.map { ($0.job.id, $0.job) }, uniquingKeysWith: { first, _ in first })
                .values.sorted { $0.id < $1.id }
            let holds = { (job: ClaimedJob) in model[job.id]?.holder == who && model[job.id]?.fence == job.key.fence }
            switch Int.random(in: 0..<15, using: &random) {
            case 0..<4:
                // After a cut a claim may find its session dead: it took nothing.
                let limit = Int.random(in: 1...6, using: &random)
                guard let jobs = try await claim(workers[who], limit) else { continue }
                for job in jobs {
                    var known = model[job.id] ?? Model()
                    #expect(known.holder == nil && known.committed == nil && !known.dead, comment)
                    known.fence += 1
                    known.attempt += 1
                    #expect(job.key.fence == known.fence && job.attempt == known.attempt, comment)
                    known.holder = who
                    known.since = clock
                    model[job.id] = known
                    seen.append(Held(worker: who, job: job))
                }
                expires[who] = clock + 100
            case 4..<7:
                let expected = batch.map { job -> CommitAnswer in
                    if holds(job) { return .committed }
                    let mine = model[job.id]?.committed
                    return mine?.worker == who && mine?.fence == job.key.fence ? .alreadyMine : .lost
                }
                #expect(try await workers[who].commitScored(batch) == expected, comment)
                for job in batch where holds(job) {
                    model[job.id]?.committed = (who, job.key.fence)
                    model[job.id]?.holder = nil
                }
            case 7:
                let answers = try await workers[who].fail(
                    batch.map { FailedAttempt(key: $0.key, failureClass: .serverError, message: "") }
                )
                for (job, answer) in zip(batch, answers) where holds(job) {
                    let spent = (model[job.id]?.attempt ?? 0) >= 4
                    #expect((answer == .dead) == spent && answer != .lost, comment)
                    model[job.id]?.holder = nil
                    model[job.id]?.dead = spent
                }
            case 8:
                let expected = batch.count { holds($0) }
                #expect(try await workers[who].release(batch.keys) == expected, comment)
                for job in batch where holds(job) {
                    model[job.id]?.holder = nil
                    model[job.id]?.attempt -= 1
                }
            case 9:
                // Some held jobs are left out, as if the answer to their claim had been lost.
                let forgets = Bool.random(using: &random)
                let named = Dictionary(
                    (batch + seen.filter { $0.worker == who && holds($0.job) }.map(\.job)).map { ($0.id, $0) },
                    uniquingKeysWith: { first, _ in first }
                ).values.filter { !forgets || $0.sample % 3 != 0 }
                let lost = Set(try await workers[who].heartbeat(named.map(\.key)))
                #expect(lost == Set(named.filter { !holds($0) }.map(\.id)), comment)
                let names = Set(named.map(\.id))
                for (id, known) in model where known.holder == who && !names.contains(id) && known.since < clock - 100 {
                    model[id]?.holder = nil
                    model[id]?.attempt -= 1
                }
                expires[who] = clock + 100
            case 12:
                // Everything in flight is taken back, and its workers do not know yet.
                let held = model.filter { $0.value.holder != nil }.keys
                let cancelled = try await fixture.coordinator.control(.cancel, round, now: true, by: authority)
                #expect(cancelled.streams == 2 && cancelled.jobs == held.count, comment)
                for id in held {
                    model[id]?.holder = nil
                    model[id]?.attempt -= 1
                }
                #expect(try await (claim(workers[who], 6) ?? []) == [], comment)
                #expect(try await fixture.coordinator.control(.uncancel, round, by: authority).streams == 2, comment)
            case 13:
                // A claim that is rolled back has taken nothing, whatever it saw.
                try await roll(back: workers[who].worker, fixture)
            case 14:
                // The sessions of all workers are cut: what they do next is on new ones.
                _ = try await fixture.admin.query(
                    "select pg_terminate_backend(pid) from pg_stat_activity where usename = $1",
                    [.text(QueueFixture.workerLogin)]
                )
            case 10:
                clock += Int.random(in: 20...70, using: &random)
                try await fixture.setClock(seconds: clock)
            default:
                let expired = model.filter { $0.value.holder.map { expires[$0] <= clock } ?? false }.keys
                #expect(try await fixture.coordinator.rescue().rescued == expired.count, comment)
                for id in expired {
                    model[id]?.holder = nil
                    let spent = (model[id]?.attempt ?? 0) >= 4
                    model[id]?.dead = spent
                }
            }
        }
        try await drain(fixture, workers[0], from: clock)
        let known = try await fixture.coordinator.deadJobs(round: round)
        let observations = try await fixture.observations(round, pageSize: 7)
        #expect(observations.count == 48 && Set(observations.map(\.job)).count == 48, "seed \(seed)")
        #expect(Set(observations.filter { $0.kind == .failed }.map(\.job)) == Set(known.map(\.job)), "seed \(seed)")
        #expect(try await fixture.count("select count(*) from parley.outcomes") == 48 - known.count, "seed \(seed)")
    }

    /// nil where the session was cut.
    private func claim(_ worker: WorkerQueue, _ limit: Int) async throws -> [ClaimedJob]? {
        do {
            return try await worker.claim(limit: limit)
        } catch let error as PostgresError where error.retryClass == .connection {
            return nil
        }
    }

    private func roll(back worker: WorkerID, _ fixture: QueueFixture) async throws {
        let connection = try await fixture.database.connect(role: QueueFixture.workerLogin)
        try await connection.execute(script: "begin")
        _ = try await connection.query(
            "select job_id from parley.claim($1, (select array[1, 2]::bigint[]), array[3, 3])",
            [.int64(worker.rawValue)]
        )
        try await connection.execute(script: "rollback")
        await connection.close()
    }

    /// Lets everything expire and commits what is left.
    private func drain(_ fixture: QueueFixture, _ worker: WorkerQueue, from clock: Int) async throws {
        for step in 1...20 {
            try await fixture.setClock(seconds: clock + step * 200)
            _ = try await fixture.coordinator.rescue()
            try await fixture.setClock(seconds: clock + step * 200 + 10)
            while let jobs = try await claim(worker, 100), !jobs.isEmpty {
                try await worker.commitScored(jobs)
            }
            if try await fixture.coordinator.finishIfDone(RoundID(1)) != .unfinished(jobs: 0),
                try await fixture.coordinator.rounds().allSatisfy({ $0.state == .exchange })
            {
                return
            }
        }
        Issue.record("jobs remain after twenty rounds of rescue and claim")
    }
}
