// What holds jobs back, said from the tables of a real queue: each cause in its turn, and the one that binds first.

import ParleyCoordinator
import ParleyModel
import ParleyPostgres
import Testing

@testable import ParleyQueue

@Suite("What holds jobs back")
struct HoldTests {
    private let fixture: QueueFixture
    private let olga = CoordinatorQueue.Authority(actor: "olga", reason: "wrong key")

    init() async throws { fixture = try await QueueFixture() }

    private func reasons(_ cell: Cell? = nil) async throws -> [WhyDocument.Reason] {
        let record = try #require(try await fixture.coordinator.rounds().first)
        return try #require(try await fixture.coordinator.why(record, cell: cell)).reasons
    }

    private func reason(_ job: JobID) async throws -> WhyDocument.Reason {
        let document = try #require(try await fixture.coordinator.why(job: job))
        #expect(document.job == job.rawValue && document.reasons.count == 1)
        return try #require(document.reasons.first)
    }

    @Test("Without a worker, with workers that lack its tags, and with those that are not admitted")
    func workers() async throws {
        try await fixture.submit(testRound(), admitting: [QueueFixture.coordinatorLogin], tags: ["m": ["gpu"]])
        #expect(
            try await reasons() == [
                .init(.worker, "No worker works.", remedy: "Start one with the tags gpu: parley worker", jobs: 4)
            ]
        )
        _ = try await fixture.worker()
        #expect(try await reasons().map(\.says) == ["None of 1 workers has the tags that its jobs require: gpu."])
        _ = try await fixture.worker(tags: ["gpu"])
        #expect(try await reasons().map(\.says) == ["None of 2 workers has a login that round round admits."])
    }

    @Test("Workers that are paused take nothing: `why` and `status` say alike that nobody works")
    func pausedWorkers() async throws {
        try await fixture.submit(testRound())
        let worker = try await fixture.worker()
        let record = try #require(try await fixture.coordinator.rounds().first)
        #expect(try await fixture.coordinator.statusDocument(record).unserved == [])
        try await fixture.coordinator.steer(.worker(worker.worker), .pause(now: false), by: olga)
        #expect(try await reasons().map(\.says) == ["No worker works."])
        let unserved = try await fixture.coordinator.statusDocument(record).unserved
        #expect(unserved.map(\.line) == ["4 jobs of suite: no worker works for this round"])
    }

    @Test("A pause is said with who, why and since when; a cancellation goes before it; what runs has no cause")
    func paused() async throws {
        let round = try await fixture.submit(testRound(models: ["m", "n"], samples: 3)).round
        _ = try await fixture.worker()
        try await fixture.coordinator.control(.pause, round, RoundPart(model: "m"), by: olga)
        try await fixture.setClock(seconds: 300)
        let cell = Cell(suite: "suite", configuration: "m")
        #expect(try await reasons(cell).map(\.says) == ["suite on m was paused by olga 5 min ago: wrong key"])
        #expect(try await reasons(Cell(suite: "suite", configuration: "n")).map(\.kind) == [.worker], "its lease ended")
        try await fixture.coordinator.control(.cancel, round, RoundPart(model: "m"), by: olga)
        #expect(try await reasons(cell).map(\.kind) == [.cancelled])
        _ = try await fixture.worker()
        let all = try await reasons()
        #expect(all.map(\.kind) == [.cancelled, .queue] && all.map(\.jobs) == [3, 3])
        let record = try #require(try await fixture.coordinator.rounds().first)
        let unknown = Cell(suite: "suite", configuration: "x")
        #expect(try await fixture.coordinator.why(record, cell: unknown) == nil)
    }

    @Test("A job is followed through all the places where it can be")
    func job() async throws {
        let round = try await fixture.submit(testRound(samples: 3)).round
        let first = JobID(round.rawValue << 36)
        #expect(try await reason(first).kind == .worker)
        let worker = try await fixture.worker("w1", lease: .seconds(60))
        #expect(try await reason(first).kind == .queue)
        let jobs = try await worker.claim(limit: 3)
        let held = try await reason(jobs[0].id)
        #expect(held.kind == .leased && held.says.contains("(w1 on test) has had it for 0 s"), "\(held.says)")
        #expect(held.says.contains("its lease ends in 60 s"), "\(held.says)")
        try await fixture.setClock(seconds: 100)
        #expect(try await reason(jobs[0].id).says.contains("its lease ended 40 s ago"))
        try await fixture.setClock(seconds: 0)
        try await worker.commitScored([jobs[0]])
        #expect(try await reason(jobs[0].id).says == "Nothing: it is done, and its outcome is 'scored'.")
        _ = try await worker.fail([
            FailedAttempt(key: jobs[1].key, failureClass: .timeout, message: "slow", fingerprint: "timeout x")
        ])
        let waiting = try await reason(jobs[1].id)
        #expect(waiting.kind == .retry && waiting.says.contains("Attempt 2 begins in"), "\(waiting.says)")
        #expect(waiting.says.contains("The last one failed by timeout"), "\(waiting.says)")
        try await fixture.admin.execute(
            script: """
                with gone as (delete from parley.jobs where id = \(jobs[1].id) returning *)
                insert into parley.dead_jobs (round_id, job_id, stream_id, cell_no, sample_no, epoch, attempt, fence,
                    class, message, fingerprint, first_claimed_at, died_at)
                select id >> 36, id, stream_id, cell_no, sample_no, epoch, attempt, fence, 'timeout', 'slow', 'f',
                    parley.now(), parley.now()
                from gone
                """
        )
        let dead = try await reason(jobs[1].id)
        #expect(dead.kind == .dead && dead.remedy?.contains("rule round rerun --class timeout") == true)
        #expect(try await reasons().contains { $0.kind == .dead && $0.jobs == 1 })
        try await fixture.coordinator.rule(.exclude, on: [jobs[1].id], round: round, by: .init(actor: "olga"))
        #expect(try await !reasons().contains { $0.kind == .dead }, "what was ruled on holds nothing back")
        #expect(try await reason(jobs[1].id).says.contains("olga ruled 'exclude'"))
        #expect(try await fixture.coordinator.why(job: JobID(round.rawValue << 36 + 3)) == nil, "no plan has it")
    }

    @Test("A limit that is used up holds its jobs back, and the value that binds is named with who set it")
    func limit() async throws {
        try await fixture.submit(testRound(samples: 100, concurrency: 10))
        let worker = try await fixture.worker()
        #expect(try await worker.claim(limit: 50).count == 10)
        _ = try await worker.claim(limit: 50)
        let entry = try #require(try await fixture.coordinator.limitsDocument().limits.first)
        #expect(entry.inFlight == 10 && entry.allowed == 10 && entry.workers == 1)
        #expect(entry.binding == .init(.concurrency, 10, setBy: "round file of round", binds: true))
        let held = try await reasons()
        #expect(held.map(\.kind) == [.limit, .leased] && held.map(\.jobs) == [90, 10])
        try await fixture.admin.execute(script: "update parley.limits set allowed = 10, growing = false")
        #expect(try await fixture.coordinator.limitsDocument().limits[0].binding?.kind == .concurrency)
        try await fixture.admin.execute(script: "update parley.limits set allowed = 8")
        let cut = try #require(try await fixture.coordinator.limitsDocument().limits[0].binding)
        #expect(cut == .init(.learned, 8, setBy: "found by trying: cut when the provider said 429", binds: true))
        try await fixture.admin.execute(
            script: "update parley.limits set resume_at = parley.now() + interval '30 seconds'"
        )
        let waits = try #require(try await fixture.coordinator.limitsDocument().limits.first)
        #expect(waits.binding == .init(.wait, 30, setBy: "the provider's headers (Retry-After)", binds: true))
        #expect(waits.allowed == 0 && waits.values.count(where: \.binds) == 1)
        #expect(try await fixture.coordinator.limitsDocument(model: "other").limits.isEmpty)
    }

    @Test("What workers and pools may take is shown with who said so, and binds where no worker has room")
    func workersLimits() async throws {
        try await fixture.submit(testRound(samples: 100, concurrency: 50))
        let workers = [try await fixture.worker("a"), try await fixture.worker("b"), try await fixture.worker("c")]
        let pool = WorkerTarget.pool("default")
        try await fixture.coordinator.steer(pool, .set(concurrency: 10), by: olga)
        try await fixture.coordinator.steer(.worker(workers[2].worker), .set(concurrency: 4), by: olga)
        func values() async throws -> [LimitsDocument.Value] {
            // What they have in flight is told when they ask for more.
            for worker in workers { _ = try await worker.release(worker.claim(limit: 1).keys) }
            return try await fixture.coordinator.limitsDocument().limits[0].values.suffix(2)
        }
        for (worker, count) in zip(workers, [10, 9, 1]) {
            #expect(try await worker.claim(limit: count).count == count)
        }
        let told = LimitsDocument.Value(
            .pool,
            20,
            setBy: "parley pool set default by olga, 10 for each of 2 workers",
            binds: false
        )
        let third = "parley worker set \(workers[2].worker) by olga"
        let one = LimitsDocument.Value(.worker, 4, setBy: third, binds: false)
        #expect(try await values() == [told, one])
        #expect(try await reasons().first?.kind == .queue)
        _ = try await workers[2].claim(limit: 3)
        let binding = try await values()
        #expect(binding.map(\.binds) == [true, false])
        let says = try #require(try await reasons().first)
        #expect(says.kind == .limit)
        #expect(says.says.contains("have no room: 20 at a time (parley pool set default by olga"), "\(says)")

        // Their own settings, once they have told them.
        try await fixture.coordinator.steer(pool, .set(concurrency: nil), by: olga)
        #expect(try await values().map(\.kind) == [.concurrency, .worker])
        let vitals = WorkerVitals(
            mostInFlight: 64,
            processors: 1,
            processorsUsed: 0,
            loopLagSeconds: 0,
            overSeconds: 1,
            providerSeconds: 0,
            queueSeconds: 0,
            backoffSeconds: 0,
            localSeconds: 0
        )
        for worker in workers { _ = try await worker.heartbeat([], telling: vitals) }
        let own = try await values()
        #expect(own.map(\.setBy).contains("parley worker --concurrency, 64 for each of 2 workers"))
        #expect(own.allSatisfy { !$0.binds })
    }

    @Test("The state of the house names each round's pace, age and binding reason")
    func operations() async throws {
        let round = try await fixture.submit(testRound(samples: 100, concurrency: 10)).round
        let worker = try await fixture.worker()
        let jobs = try await worker.claim(limit: 10)
        try await worker.commitScored(Array(jobs[..<6]))
        try await worker.release(jobs[9...].map(\.key))
        try await fixture.setClock(seconds: 30)
        let house = try await fixture.coordinator.operations()
        let shown = try #require(house.rounds.first)
        #expect(house.at == "2030-01-01T00:00:30Z" && house.workers.map(\.state) == ["active"])
        #expect(shown.done == 6 && shown.lastMinute == 6 && shown.held == 3 && shown.ready == 90 && shown.waiting == 1)
        #expect(shown.oldestDueSeconds == 30 && shown.etaSeconds == 940)
        #expect(shown.binding?.kind == .queue && shown.binding?.jobs == 91)
        #expect(house.accounts.first?.ended == 6)
        try await fixture.coordinator.control(.pause, round, by: olga)
        let paused = try await fixture.coordinator.operations(rounds: ["round"]).rounds[0]
        #expect(paused.binding?.kind == .paused && paused.lastMinute == 6 && paused.etaSeconds == nil)
        #expect(try await fixture.coordinator.operations(rounds: ["other"]).rounds.isEmpty)
    }

    @Test("A tail gives each end, failure and entry of the ledger once, in the order of their times")
    func tail() async throws {
        let round = try await fixture.submit(testRound(samples: 5)).round
        let worker = try await fixture.worker()
        let jobs = try await worker.claim(limit: 5)
        try await worker.commitScored([jobs[0]])
        let record = try #require(try await fixture.coordinator.rounds().first)
        var tail = try await RoundTail(record, from: fixture.coordinator)
        #expect(try await tail.next() == [], "what was before is not told")
        try await fixture.setClock(seconds: 1)
        _ = try await worker.fail([
            FailedAttempt(key: jobs[1].key, failureClass: .rateLimited, message: "\u{1B}[31m429", fingerprint: "f")
        ])
        try await fixture.setClock(seconds: 2)
        try await worker.commitScored([jobs[2]])
        try await fixture.setClock(seconds: 3)
        try await fixture.coordinator.control(.pause, round, by: olga)
        let lines = try await tail.next()
        #expect(lines.map(\.what) == [.failure, .end, .event])
        #expect(lines[0].failureClass == "rate_limited" && lines[0].disposition == "deferred")
        #expect(lines[1].kind == .scored && lines[1].score == 1 && lines[1].job == jobs[2].id.rawValue)
        #expect(lines[2].who == "olga" && lines[2].action == "pause" && lines[2].why == "wrong key")
        #expect(lines[0].at == "2030-01-01T00:00:01.000Z")
        #expect(try await tail.next() == [], "nothing is told twice")
        #expect(try await !tail.isOver())
    }
}
