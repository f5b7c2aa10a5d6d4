// Pause, resume, cancel, drain, priorities, weights: soft and now, again and again, and all in the ledger.

import ParleyModel
import ParleyPostgres
import ParleyTestSupport
import Testing

@testable import ParleyQueue

@Suite("Control")
struct ControlTests {
    private let fixture: QueueFixture
    private let olga = CoordinatorQueue.Authority(actor: "olga", reason: "lunch")

    init() async throws { fixture = try await QueueFixture() }

    @Test("A soft pause lets what is in flight finish; one that is now takes it back unspent")
    func pause() async throws {
        let round = try await fixture.submit(testRound(models: ["m", "n"], samples: 4)).round
        let worker = try await fixture.worker()
        let jobs = try await worker.claim(limit: 4)
        #expect(jobs.count == 4)
        let soft = try await fixture.coordinator.control(.pause, round, RoundPart(model: "m"), by: olga)
        #expect(soft == .init(streams: 1, jobs: 0, waits: 0))
        let ended = try #require(jobs.first { $0.cell == 0 })
        #expect(try await worker.commitScored([ended]) == [.committed])
        #expect(try await worker.claim(limit: 10).allSatisfy { $0.cell == 1 })
        let now = try await fixture.coordinator.control(.pause, round, RoundPart(model: "m"), now: true, by: olga)
        #expect(now == .init(streams: 0, jobs: 1, waits: 0))
        let again = try await fixture.coordinator.control(.pause, round, RoundPart(model: "m"), now: true, by: olga)
        #expect(again == .init(streams: 0, jobs: 0, waits: 0))
        let late = try #require(jobs.first { $0.cell == 0 && $0.id != ended.id })
        #expect(try await worker.commitScored([late]) == [.lost])
        #expect(try await fixture.coordinator.attempts(job: late.id).map(\.disposition) == ["released"])
        #expect(try await fixture.coordinator.control(.resume, round, by: olga).streams == 1)
        let back = try #require(try await worker.claim(limit: 10).first { $0.id == late.id })
        #expect(back.attempt == 1 && back.key.fence == 2)
        let events = try await fixture.coordinator.events(round: round)
        let mine = events.filter { $0.who == "olga" }
        #expect(mine.map(\.what) == ["resume", "pause", "pause"])
        #expect(mine.last?.subject == "model m (1)" && mine.last?.why == "lunch")
    }

    @Test("A pause and a worker's failure that pauses the same streams wait for one another, and neither is given up")
    func pauseAgainstFailure() async throws {
        let round = try await fixture.submit(testRound(samples: 4)).round
        let worker = try await fixture.worker()
        let jobs = try await worker.claim(limit: 2)
        let pausing = try await fixture.database.connect()
        let pause = { (now: Bool) in
            _ = try await pausing.query(
                "select jobs from parley.control('pause', $1, null, null, null, $2, 'lunch', 'olga')",
                [.int64(round.rawValue), .bool(now)]
            )
        }
        try await pausing.execute(script: "begin")
        // It holds the streams, and will want what they have in flight.
        try await pause(false)
        async let failed = worker.fail([
            FailedAttempt(key: jobs[0].key, failureClass: .authentication, message: "no key")
        ])
        let waits =
            "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%parley.fail%'"
        while try await fixture.count(waits) == 0 { await Task.yield() }
        try await pause(true)
        try await pausing.execute(script: "commit")
        #expect(try await failed == [.lost])
        #expect(try await fixture.count("select count(*) from parley.jobs where worker_id is null") == 2)
        let done = try await fixture.coordinator.events(round: round).map(\.what)
        #expect(done.prefix(2) == ["pause", "pause"], "\(done)")
    }

    @Test("What only ends the wait of an account is an event as well, and says whose wait")
    func waits() async throws {
        let round = try await fixture.submit(testRound(models: ["m", "n"])).round
        try await fixture.admin.execute(
            script: """
                update parley.limits set openings = 2, resume_at = parley.now() + interval '1 hour' where model = 'm'
                """
        )
        let other = try await fixture.coordinator.control(.resume, round, RoundPart(model: "n"), by: olga)
        #expect(!other.isChange)
        let effect = try await fixture.coordinator.control(.resume, round, by: olga)
        #expect(effect.streams == 0 && effect.waits == 1 && effect.isChange)
        #expect(try await fixture.coordinator.limits(round: round).allSatisfy { !$0.isTripped })
        #expect(try await !fixture.coordinator.control(.resume, round, by: olga).isChange)
        let events = try await fixture.coordinator.events(round: round).filter { $0.what == "resume" }
        #expect(events.map(\.subject) == ["the round, wait of lab/m (1)"])
        #expect(events.map(\.who) == ["olga"] && events.map(\.why) == ["lunch"])
    }

    @Test("A part that a round does not have is an error")
    func missing() async throws {
        let round = try await fixture.submit(testRound()).round
        #expect(
            try await sqlState { try await fixture.coordinator.control(.pause, round, RoundPart(suite: "x"), by: olga) }
                == "P0002"
        )
    }

    @Test("A round ends without what was cancelled, and goes on when that is taken back")
    func cancel() async throws {
        let round = try await fixture.submit(testRound(models: ["m", "n"], samples: 3)).round
        let worker = try await fixture.worker()
        #expect(try await fixture.coordinator.control(.cancel, round, RoundPart(model: "n"), by: olga).streams == 1)
        let jobs = try await worker.claim(limit: 10)
        #expect(jobs.count == 3 && jobs.allSatisfy { $0.cell == 0 })
        try await worker.commitScored(jobs)
        #expect(try await fixture.coordinator.finishIfDone(round) == .finished(unruled: 0))
        let status = try await fixture.coordinator.status(round: round)
        #expect(status.cancelled == 3 && status.ready == 0)
        #expect(try await fixture.coordinator.control(.uncancel, round, by: olga).streams == 1)
        #expect(try await fixture.coordinator.rounds().map(\.state) == [.running])
        #expect(try await worker.claim(limit: 10).count == 3)
    }

    @Test("A drained worker claims no more and is told to end; now, its jobs go to others")
    func drain() async throws {
        try await fixture.submit(testRound(samples: 10))
        let worker = try await fixture.worker("a")
        let jobs = try await worker.claim(limit: 4)
        #expect(try await fixture.coordinator.steer(.worker(worker.worker), .drain(now: false), by: olga)?.jobs == 0)
        #expect(try await worker.claim(limit: 4) == [])
        #expect(await worker.isDraining)
        #expect(try await worker.commitScored([jobs[0]]) == [.committed])
        #expect(try await fixture.coordinator.steer(.worker(worker.worker), .drain(now: true), by: olga)?.jobs == 3)
        #expect(try await fixture.coordinator.steer(.worker(worker.worker), .drain(now: true), by: olga)?.jobs == 0)
        let other = try await fixture.worker("b")
        #expect(try await other.claim(limit: 20).count == 9)
        try await worker.retire()
        #expect(try await fixture.coordinator.steer(.worker(worker.worker), .drain(now: false), by: olga)?.jobs == nil)
    }

    @Test("A higher priority goes first")
    func priority() async throws {
        let first = try await fixture.submit(testRound(name: "first", samples: 50)).round
        let second = try await fixture.submit(testRound(name: "second", samples: 50)).round
        #expect(try await fixture.coordinator.prioritise(second, RoundPart(), 1, by: olga) == 1)
        #expect(try await fixture.coordinator.prioritise(second, RoundPart(), 1, by: olga) == 0)
        let worker = try await fixture.worker()
        #expect(try await worker.claim(limit: 40).allSatisfy { $0.round == second })
        #expect(try await fixture.coordinator.prioritise(second, RoundPart(), -1, by: olga) == 1)
        #expect(try await worker.claim(limit: 40).allSatisfy { $0.round == first })
    }

    @Test("Rounds share a limit by weight")
    func weight() async throws {
        let heavy = try await fixture.submit(testRound(name: "heavy", samples: 5000, concurrency: 40)).round
        try await fixture.submit(testRound(name: "light", samples: 5000, concurrency: 40))
        try await fixture.coordinator.weigh(heavy, RoundPart(), 3, by: olga)
        let worker = try await fixture.worker()
        var done: [RoundID: Int] = [:]
        for _ in 0..<50 {
            let jobs = try await worker.claim(limit: 40)
            for job in jobs { done[job.round, default: 0] += 1 }
            try await worker.commitScored(jobs)
        }
        let total = done.values.reduce(0, +)
        #expect(total == 2000 && abs((done[heavy] ?? 0) - 1500) <= 75, "\(done)")
    }

    @Test("A job that kills each worker is dead after its cap and takes no healthy job with it")
    func poison() async throws {
        let round = try await fixture.submit(testRound(samples: 200, concurrency: 64)).round
        var clock = 0
        var workers = 0
        var poison: JobID?
        while try await fixture.coordinator.finishIfDone(round) != .finished(unruled: 1), workers < 60 {
            workers += 1
            let worker = try await fixture.worker("w\(workers)")
            var killed = false
            while !killed {
                let jobs = try await worker.claim(limit: 64)
                if jobs.isEmpty { break }
                poison = poison ?? jobs[17].id
                // Dies at once over it: nothing that was claimed with it is committed.
                if jobs.contains(where: { $0.id == poison }) {
                    killed = true
                } else {
                    try await worker.commitScored(jobs)
                }
            }
            clock += 400
            try await fixture.setClock(seconds: clock)
            _ = try await fixture.coordinator.rescue()
            clock += 400
            try await fixture.setClock(seconds: clock)
        }
        #expect(try await fixture.coordinator.deadJobs(round: round).map(\.job) == [poison])
        #expect(try await fixture.count("select count(*) from parley.outcomes") == 199)
        #expect(try await fixture.count("select max(attempt) from parley.outcomes") <= 4)
    }

    @Test("The jobs that are held longest are named, with who holds them")
    func stuck() async throws {
        let round = try await fixture.submit(testRound(samples: 10)).round
        let worker = try await fixture.worker("slow", lease: .seconds(7200))
        let first = try await worker.claim(limit: 1)
        try await fixture.setClock(seconds: 900)
        _ = try await worker.claim(limit: 2)
        let held = try await fixture.coordinator.longestHeld(round: round, limit: 2)
        #expect(held.first?.job == first[0].id && held.first?.heldFor == .seconds(900))
        #expect(held.first?.workerName == "slow" && held.last?.heldFor == .zero)
    }
}
