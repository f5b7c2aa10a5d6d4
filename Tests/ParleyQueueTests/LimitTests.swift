// Limits that are found by trying, buckets of requests and tokens, and the breaker, by the database's own clock.

import ParleyModel
import ParleyPostgres
import ParleyTestSupport
import Testing

@testable import ParleyQueue

@Suite("Limits")
struct LimitTests {
    private let fixture: QueueFixture

    init() async throws { fixture = try await QueueFixture(slowStart: true) }

    private var allowed: Int { get async throws { try await fixture.count("select allowed from parley.limits") } }

    private func limited(_ jobs: some Sequence<ClaimedJob>, retryAfter: Duration? = nil) -> [FailedAttempt] {
        jobs.map {
            FailedAttempt(
                key: $0.key,
                failureClass: .rateLimited,
                message: "429",
                retryAfter: retryAfter,
                usage: Usage(),
                cost: .zero
            )
        }
    }

    @Test("A limit begins small and doubles while it is used, up to what the round allows")
    func slowStart() async throws {
        try await fixture.submit(testRound(samples: 2000, concurrency: 200))
        let worker = try await fixture.worker()
        var sizes: [Int] = []
        for _ in 0..<5 {
            let jobs = try await worker.claim(limit: 1000)
            sizes.append(jobs.count)
            try await worker.commitScored(jobs)
        }
        #expect(sizes == [32, 64, 128, 200, 200])
    }

    @Test("It does not grow while less than four fifths of it are used, nor by what went well after a retry")
    func growth() async throws {
        try await fixture.submit(testRound(samples: 2000, concurrency: 200))
        let worker = try await fixture.worker()
        for _ in 0..<10 { try await worker.commitScored(try await worker.claim(limit: 25)) }
        #expect(try await allowed == 32)
        for _ in 0..<4 {
            let jobs = try await worker.claim(limit: 1000)
            #expect(jobs.count == 32)
            #expect(try await worker.release(jobs.keys) == 32)
            let again = try await worker.claim(limit: 1000)
            #expect(again.count == 32 && again.allSatisfy { $0.key.fence > 1 })
            try await worker.commitScored(again)
        }
        #expect(try await allowed == 32)
    }

    @Test("One episode of 429s cuts once, to half of what was in use; then it grows slowly")
    func cut() async throws {
        try await fixture.submit(testRound(samples: 5000, concurrency: 1000))
        let worker = try await fixture.worker()
        for _ in 0..<2 { try await worker.commitScored(try await worker.claim(limit: 1000)) }
        var jobs = try await worker.claim(limit: 1000)
        #expect(jobs.count == 128)
        #expect(try await worker.claim(limit: 1000) == [], "and it has told so")
        for part in 0..<4 {
            _ = try await worker.fail(limited(jobs[(part * 10)..<(part * 10 + 10)]))
            #expect(try await allowed == 64, "part \(part)")
        }
        try await worker.commitScored(Array(jobs.dropFirst(40)))
        // Calm for ten seconds: no growth. Then by a sixteenth for each limit's worth of successes.
        jobs = try await worker.claim(limit: 1000)
        #expect(jobs.count == 64)
        try await worker.commitScored(jobs)
        try await fixture.setClock(seconds: 5)
        #expect(try await allowed == 64)
        try await fixture.setClock(seconds: 11)
        for _ in 0..<3 {
            try await worker.commitScored(try await worker.claim(limit: 1000).filter { $0.key.fence == 1 })
        }
        let grown = try await allowed
        #expect(grown > 64 && grown <= 76, "\(grown)")
    }

    @Test("Waits of 89 s that keep coming do not put off the next cut for ever")
    func longRetryAfter() async throws {
        try await fixture.submit(testRound(samples: 100_000, concurrency: 32))
        let worker = try await fixture.worker(lease: .seconds(3600))
        var history: [Int] = []
        for second in stride(from: 0, to: 400, by: 5) {
            try await fixture.setClock(seconds: second)
            let jobs = try await worker.claim(limit: 32)
            // One success in each batch: the provider lives, it only has enough.
            if let first = jobs.first { try await worker.commitScored([first]) }
            _ = try await worker.fail(limited(jobs.dropFirst(), retryAfter: .seconds(89)))
            history.append(try await allowed)
        }
        let cuts = zip(history, history.dropFirst()).filter { $0 > $1 }.count
        #expect((15...16).contains(history.first ?? 0) && cuts >= 3 && history.last ?? 0 <= 2, "\(history)")
    }

    @Test("A permit is free when an attempt is over, before its result is recorded, and only once")
    func freedPermits() async throws {
        try await fixture.admin.execute(script: "alter table parley.limits alter column allowed set default 10")
        try await fixture.submit(testRound(samples: 1000, concurrency: 10))
        let (worker, other) = (try await fixture.worker("a"), try await fixture.worker("b"))
        let first = try await worker.claim(limit: 100)
        #expect(first.count == 10)
        #expect(try await worker.claim(limit: 100) == [])
        await worker.ended(Array(first.prefix(4)).keys)
        let second = try await worker.claim(limit: 100)
        #expect(second.count == 4)
        await worker.ended(Array(first.prefix(4)).keys)
        #expect(try await worker.claim(limit: 100) == [], "it was told twice")
        try await worker.commitScored(Array(first.prefix(4)))
        #expect(try await worker.claim(limit: 100) == [], "it was told, and recorded")
        // What came back and is held singly counts the same.
        #expect(try await worker.release(second.keys) == 4)
        let again = try await worker.claim(limit: 100)
        #expect(again.keys.allSatisfy { $0.fence == 2 && $0.block == nil } && again.count == 4)
        await worker.ended(again.keys)
        #expect(try await worker.claim(limit: 100).count == 4)
        #expect(try await other.claim(limit: 100) == [])
        #expect(try await fixture.count("select sum(granted) from parley.permits") == 10)
    }

    @Test("A worker that tells less than nothing takes nothing from others by it")
    func toldNonsense() async throws {
        try await fixture.admin.execute(script: "alter table parley.limits alter column allowed set default 10")
        try await fixture.submit(testRound(samples: 1000, concurrency: 10))
        let limit = try await fixture.admin.query("select account, model from parley.limits").only()
        let worker = try await fixture.worker()
        let connection = try await fixture.database.connect(role: QueueFixture.workerLogin)
        let row = try await connection.query(
            """
            select granted from parley.allot(
                $1, 4, '{}', '{}', $2, $3, '{-1000}', '{0}', '{0}', '{0}', '{0}', '{0}', '{0}')
            """,
            [
                .int64(worker.worker.rawValue), .textArray([try limit.text("account")]),
                .textArray([try limit.text("model")]),
            ]
        ).only()
        #expect(try row.int32("granted") == 4)
        #expect(try await fixture.count("select wanted from parley.permits") == 4)
        await connection.close()
    }

    @Test("N workers together never exceed a limit while it moves")
    func together() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("limits together: seed \(seed)")
        var random = SeededGenerator(seed: seed)
        try await fixture.submit(testRound(samples: 20_000, concurrency: 300))
        var workers: [WorkerQueue] = []
        for index in 0..<4 { workers.append(try await fixture.worker("w\(index)", lease: .seconds(3600))) }
        var held: [[ClaimedJob]] = [[], [], [], []]
        // Attempts that are over and not recorded.
        var over: [[ClaimedJob]] = [[], [], [], []]
        for step in 0..<120 {
            try await fixture.setClock(seconds: step * 4)
            let who = Int.random(in: 0..<4, using: &random)
            let before = try await allowed
            held[who] += try await workers[who].claim(limit: Int.random(in: 1...200, using: &random))
            let limit = max(try await allowed, before)
            let total = held.reduce(0) { $0 + $1.count }
            let fallen = try await fixture.count("select coalesce(sum(granted), 0) from parley.permits")
            #expect(total <= max(limit, fallen), "seed \(seed), step \(step): \(total) of \(limit)")
            let count = Int.random(in: 0...held[who].count, using: &random)
            let ended = Array(held[who].prefix(count))
            held[who].removeFirst(count)
            switch Int.random(in: 0..<8, using: &random) {
            case 0:
                _ = try await workers[who].fail(limited(ended))
            case 1, 2:
                await workers[who].ended(ended.keys)
                over[who] += ended
            default:
                let recorded = over[who].prefix(Int.random(in: 0...over[who].count, using: &random))
                over[who].removeFirst(recorded.count)
                try await workers[who].commitScored(recorded + ended)
            }
        }
    }

    @Test("Requests and tokens a minute are kept over all workers, and tokens count as used")
    func buckets() async throws {
        var definition = testRound(samples: 50_000, concurrency: 1000)
        definition.models[0].requestsPerMinute = 600
        definition.models[0].tokensPerMinute = 60_000
        try await fixture.admin.execute(script: "alter table parley.limits alter column allowed set default 1000")
        let reservations = [[Reservation(tokens: 200)]]
        try await fixture.submit(definition, reservations: reservations)
        let workers = [
            try await fixture.worker("a", lease: .seconds(3600)), try await fixture.worker("b", lease: .seconds(3600)),
        ]
        var begun = 0
        var tokens: Int64 = 0
        for second in 0..<120 {
            try await fixture.setClock(seconds: second)
            for worker in workers {
                let jobs = try await worker.claim(limit: 100)
                begun += jobs.count
                // Half of what was reserved is used.
                tokens += Int64(jobs.count) * 100
                _ = try await worker.commit(
                    jobs.map { Commit(key: $0.key, kind: .scored, score: .one, usage: Usage(input: 60, output: 40)) }
                )
            }
            // Ten seconds' worth may come at once.
            #expect(begun <= 100 + 10 * second && tokens <= 10_000 + 1000 * Int64(second), "second \(second)")
        }
        #expect(begun >= 1100 && tokens >= 110_000, "\(begun) requests, \(tokens) tokens")
    }

    @Test("A provider that fails is left alone, longer each time, and costs its jobs no attempts; a success ends it")
    func breaker() async throws {
        let round = try await fixture.submit(testRound(samples: 1000, concurrency: 20)).round
        let worker = try await fixture.worker(lease: .seconds(3600))
        func fail(_ jobs: [ClaimedJob]) async throws {
            _ = try await worker.fail(
                jobs.map { FailedAttempt(key: $0.key, failureClass: .connection, message: "refused", usage: Usage()) }
            )
        }
        try await fail(try await worker.claim(limit: 100))
        try await fail(try await worker.claim(limit: 100))
        #expect(try await worker.claim(limit: 100) == [], "the breaker is open")
        #expect(try await fixture.coordinator.limits(round: round).first?.isTripped == true)
        #expect(try await fixture.coordinator.events().map(\.what).contains("trip"))
        var tries = 0
        for second in 1...600 {
            try await fixture.setClock(seconds: second)
            let jobs = try await worker.claim(limit: 100)
            #expect(jobs.count <= 1)
            tries += jobs.count
            try await fail(jobs)
        }
        #expect((8...20).contains(tries), "\(tries) tries in ten minutes")
        #expect(try await fixture.coordinator.deadJobs(round: round) == [])
        #expect(try await fixture.count("select max(attempt) from parley.jobs") <= 3)
        // It lives again: one success, and the limit is found anew.
        try await fixture.setClock(seconds: 700)
        var sizes: [Int] = []
        for _ in 0..<7 {
            let jobs = try await worker.claim(limit: 100)
            sizes.append(jobs.count)
            try await worker.commitScored(jobs)
        }
        #expect(sizes.first == 1 && sizes.last == 20, "\(sizes)")
    }

    @Test("Headers that say that nothing is left stop all workers until the reset")
    func headers() async throws {
        try await fixture.submit(testRound(samples: 1000, concurrency: 20))
        let worker = try await fixture.worker("a", lease: .seconds(3600))
        let other = try await fixture.worker("b", lease: .seconds(3600))
        let jobs = try await worker.claim(limit: 2)
        await worker.wait(.seconds(30), for: jobs[0].key)
        try await worker.commitScored(jobs)
        #expect(try await worker.claim(limit: 2) == [])
        #expect(try await other.claim(limit: 2) == [])
        try await fixture.setClock(seconds: 31)
        #expect(try await other.claim(limit: 2).count == 2)
    }
}
