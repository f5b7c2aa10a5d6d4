// Pools: who is given which stream, what is said when nobody is, and what people tell workers while they run.

import ParleyModel
import ParleyPostgres
import ParleyTestSupport
import Testing

@testable import ParleyQueue

@Suite("Pools")
struct PoolTests {
    private let fixture: QueueFixture
    private let olga = CoordinatorQueue.Authority(actor: "olga", reason: "lunch")

    init() async throws { fixture = try await QueueFixture() }

    private func register(
        _ name: String,
        pool: String = "north-net",
        tags: [String] = [],
        definitions: [Int] = RoundDefinition.understoodFormats
    ) async throws -> WorkerQueue {
        var pace = WorkerQueue.Pace()
        pace.renewal = .zero
        pace.pause = .zero
        return try await WorkerQueue.register(
            .init(
                name: name,
                host: "test",
                process: 1,
                version: "0",
                tags: tags,
                pool: pool,
                definitions: definitions
            ),
            pool: PostgresPool(fixture.database.configuration(role: QueueFixture.workerLogin), maximum: 2),
            pace: pace
        )
    }

    /// The streams of which no worker is given jobs.
    private func unserved(_ round: RoundID) async throws -> [StreamRoute] {
        try await fixture.coordinator.routes(round: round).filter { !$0.isServed }
    }

    @Test("What suite and model require routes the stream; what no worker has is said")
    func requires() async throws {
        var definition = testRound(models: ["m", "n"], samples: 3)
        definition.suites[0].requires = ["sandbox"]
        definition.models[0].requires = ["key:north"]
        let round = try await fixture.submit(definition).round
        #expect(try await unserved(round).map(\.lacks) == [nil, nil])
        let plain = try await register("plain", tags: ["sandbox"])
        #expect(try await plain.claim(limit: 10).map(\.cell) == [1, 1, 1])
        let missing = try await unserved(round)
        #expect(missing.map(\.lacks) == [["key:north"]])
        #expect(missing.map(\.tags) == [["definition:1", "key:north", "sandbox"]])
        let north = try await register("north", tags: ["sandbox", "key:north"])
        #expect(try await unserved(round) == [])
        #expect(try await north.claim(limit: 10).map(\.cell) == [0, 0, 0])
    }

    @Test("A worker is never given jobs of a definition that it does not understand")
    func versions() async throws {
        var newer = testRound(name: "newer", samples: 3)
        newer.format = RoundDefinition.currentFormat + 1
        let round = try await fixture.submit(newer).round
        let older = try await fixture.submit(testRound(name: "older", samples: 3)).round
        let old = try await register("old")
        let new = try await register("new", definitions: [newer.format])
        #expect(Set(try await old.claim(limit: 2).map(\.round)) == [older])
        // Not even by its number.
        let stream = try await fixture.count("select id from parley.streams where round_id = \(round)")
        let rows = try await old.pool.query(
            WorkerStatement.claim.rawValue,
            [.int64(old.worker.rawValue), .int64Array([Int64(stream)]), .int32Array([1])]
        )
        #expect(rows.isEmpty)
        #expect(Set(try await new.claim(limit: 10).map(\.round)) == [round])
        try await old.retire()
        try await new.retire()
        #expect(try await unserved(older).map(\.lacks) == [nil])
        _ = try await register("newer", definitions: [newer.format])
        #expect(try await unserved(older).map(\.lacks) == [["definition:1"]])
    }

    @Test("A worker from before pools registers as one that understands the first form")
    func upgrade() async throws {
        let round = try await fixture.submit(testRound(samples: 3)).round
        let connection = try await fixture.database.connect(role: QueueFixture.workerLogin)
        let id = try await connection.query("select parley.register_worker('old', 'h', 1, '0', '{}', 60000000) as id")
            .only().int64("id")
        #expect(try await unserved(round) == [])
        let worker = try #require(try await fixture.coordinator.workers().first)
        #expect(worker.id == WorkerID(id) && worker.pool == "default" && worker.tags == ["definition:1"])
    }

    @Test("A pause gives nothing, to one or to a pool and who joins it, and keeps what was offered")
    func pause() async throws {
        try await fixture.submit(testRound(samples: 100))
        let first = try await register("first", tags: ["a"])
        let jobs = try await first.claim(limit: 2)
        let taken = try await fixture.coordinator.steer(.worker(first.worker), .pause(now: false), by: olga)
        #expect(taken?.workers == 1 && taken?.jobs == 0)
        #expect(try await first.claim(limit: 2) == [])
        try await first.offer([])
        #expect(try await first.commitScored(jobs) == [.committed, .committed])
        #expect(try await first.orders().isPaused)
        #expect(try await fixture.coordinator.workers().map(\.state) == ["paused"])
        let pool = try await fixture.coordinator.steer(.pool("north-net"), .pause(now: true), by: olga)
        #expect(pool?.workers == 1)
        try await fixture.coordinator.steer(.worker(first.worker), .resume, by: olga)
        #expect(try await first.claim(limit: 2) == [], "its pool is paused as well")
        let joined = try await register("joined")
        #expect(try await joined.claim(limit: 2) == [])
        try await fixture.coordinator.steer(.pool("north-net"), .resume, by: olga)
        #expect(try await joined.claim(limit: 2).count == 2)
        #expect(try await first.claim(limit: 2).count == 2)
        #expect(try await fixture.coordinator.workers().first?.tags == ["a", "definition:1"])
        let events = try await fixture.coordinator.events().filter { $0.who == "olga" }
        #expect(events.map(\.what) == ["resume", "resume", "pause", "pause"])
        #expect(events.first?.subject == "pool north-net")
        #expect(events.allSatisfy { $0.why == "lunch" })
    }

    @Test("A pause that is now takes back what is in flight")
    func pauseNow() async throws {
        try await fixture.submit(testRound(samples: 10))
        let worker = try await register("w")
        let other = try await register("o", pool: "south")
        let jobs = try await worker.claim(limit: 4)
        let taken = try await fixture.coordinator.steer(.pool("north-net"), .pause(now: true), by: olga)
        #expect(taken?.jobs == 4)
        #expect(try await worker.commitScored(jobs) == [.lost, .lost, .lost, .lost])
        #expect(try await other.claim(limit: 20).count == 10)
    }

    @Test("What a worker may take is its own order's, else its pool's, else its own")
    func concurrency() async throws {
        let worker = try await register("w")
        #expect(try await worker.orders().concurrency == nil)
        try await fixture.coordinator.steer(.pool("north-net"), .set(concurrency: 200), by: olga)
        #expect(try await worker.orders().concurrency == 200)
        try await fixture.coordinator.steer(.worker(worker.worker), .set(concurrency: 7), by: olga)
        #expect(try await worker.orders().concurrency == 7)
        try await fixture.coordinator.steer(.worker(worker.worker), .set(concurrency: nil), by: olga)
        try await fixture.coordinator.steer(.worker(worker.worker), .set(concurrency: nil), by: olga)
        #expect(try await worker.orders().concurrency == 200)
        // A pool is made before its workers come.
        try await fixture.coordinator.steer(.pool("later"), .set(concurrency: 3), by: olga)
        let late = try await register("late", pool: "later")
        #expect(try await late.orders().concurrency == 3)
        let pools = try await fixture.coordinator.pools()
        #expect(pools.map(\.name) == ["default", "later", "north-net"])
        #expect(pools.map(\.concurrency) == [nil, 3, 200] && pools.map(\.workers) == [0, 1, 1])
        let whys = try await fixture.coordinator.events().filter { $0.what == "set" }.map(\.why)
        #expect(whys == ["3", "its own", "7", "200"].map { "\($0) in flight: lunch" })
    }

    @Test("A drained pool lets its workers end, and those that join; a retired one takes none and is listed no more")
    func drain() async throws {
        try await fixture.submit(testRound(samples: 100))
        let worker = try await register("w")
        let jobs = try await worker.claim(limit: 2)
        #expect(try await fixture.coordinator.steer(.pool("north-net"), .drain(now: false), by: olga)?.jobs == 0)
        #expect(try await worker.claim(limit: 2) == [])
        #expect(await worker.isDraining)
        #expect(try await worker.commitScored(jobs) == [.committed, .committed])
        #expect(try await register("joins").orders().isDraining)
        try await fixture.coordinator.steer(.pool("north-net"), .resume, by: olga)
        let again = try await register("again")
        #expect(try await again.claim(limit: 1).count == 1)
        #expect(try await fixture.coordinator.steer(.pool("north-net"), .retire(now: true), by: olga)?.jobs == 1)
        #expect(try await sqlState { _ = try await register("refused") } == "55000")
        #expect(try await fixture.coordinator.pools().map(\.name) == ["default"])
        #expect(try await fixture.coordinator.workers() == [])
        #expect(try await again.claim(limit: 1) == [])
        #expect(try await fixture.coordinator.steer(.pool("nowhere"), .resume, by: olga) == nil)
    }

    @Test("A retired worker stays so, whatever it says")
    func retire() async throws {
        try await fixture.submit(testRound(samples: 10))
        let worker = try await register("w")
        _ = try await worker.claim(limit: 3)
        #expect(try await fixture.coordinator.steer(.worker(worker.worker), .retire(now: true), by: olga)?.jobs == 3)
        #expect(try await fixture.coordinator.workers() == [])
        try await fixture.setClock(seconds: 600)
        _ = try await fixture.coordinator.rescue()
        _ = try await worker.heartbeat([])
        #expect(try await worker.claim(limit: 3) == [])
        #expect(try await fixture.coordinator.steer(.worker(worker.worker), .resume, by: olga) == nil)
    }

    @Test("A later grader's streams ask for what their cell's probes ask for")
    func laterGrader() async throws {
        var definition = testRound(models: ["m"], samples: 2, judges: ["j"])
        definition.format = 2
        definition.suites[0].heldOut = true
        let round = try await fixture.submit(definition).round
        try await fixture.admin.execute(
            script: """
                insert into parley.streams (round_id, cell_no, suite_no, stage, grader, base, probe_base, samples, epochs,
                    account, model, party, suite, concurrency)
                select round_id, cell_no, suite_no, 1, 7, (round_id << 36) + 1000, probe_base, samples, epochs, account,
                    model, party, suite, concurrency
                from parley.streams where round_id = \(round) and stage = 0
                """
        )
        let tags = try await fixture.admin.query("select tags from parley.streams where grader = 7").only()
            .textArray("tags")
        #expect(tags == ["definition:2", "sealed:round/suite"])
    }
}
