// What operators watch over time: what workers tell of themselves, and the course of the limits.

import ParleyModel
import ParleyPostgres
import ParleyTestSupport
import Testing

@testable import ParleyQueue

@Suite("Watching")
struct WatchTests {
    private let fixture: QueueFixture
    private var queue: CoordinatorQueue { fixture.coordinator }
    private let entry = LimitsDocument.Entry(
        account: "lab",
        model: "m",
        inFlight: 0,
        workers: 0,
        ended: 0,
        failed: 0,
        turnedAway: 0,
        tokens: 0,
        values: []
    )

    init() async throws { fixture = try await QueueFixture(slowStart: true) }

    @Test("A heartbeat tells how the worker fares, in one row of its own that goes with it; old ones tell nothing")
    func vitals() async throws {
        let worker = try await fixture.worker()
        _ = try await worker.heartbeat([])
        #expect(try await queue.workers().map(\.vitals) == [nil])
        var vitals = WorkerVitals(
            mostInFlight: 500,
            processors: 2,
            processorsUsed: 0.25,
            loopLagSeconds: 0.003,
            overSeconds: 60.5,
            providerSeconds: 930.25,
            queueSeconds: 20,
            backoffSeconds: 0,
            localSeconds: 50
        )
        for _ in 0..<3 {
            vitals.providerSeconds += 1
            _ = try await worker.heartbeat([], telling: vitals)
            #expect(try await queue.workers().map(\.vitals) == [vitals])
        }
        #expect(try await fixture.count("select count(*) from parley.vitals") == 1)
        try await worker.retire()
        #expect(try await fixture.count("select count(*) from parley.vitals") == 0)
        let stranger = try await fixture.database.connect(role: QueueFixture.strangerLogin)
        #expect(try await sqlState { _ = try await stranger.query("select from parley.vitals") } == "42501")
    }

    @Test("The course of a limit is kept by the database: ten seconds for two hours, half an hour for two weeks")
    func course() async throws {
        try await fixture.submit(testRound(samples: 100))
        let worker = try await fixture.worker()
        try await fixture.setClock(seconds: 3)
        try await queue.lookAtLimits()
        _ = try await worker.claim(limit: 20)
        _ = try await worker.claim(limit: 1)
        try await fixture.admin.execute(script: "update parley.limits set allowed = 7")
        try await fixture.setClock(seconds: 9)
        try await queue.lookAtLimits()
        try await fixture.setClock(seconds: 15)
        try await fixture.admin.execute(script: "update parley.limits set allowed = 9")
        try await queue.lookAtLimits()

        // Another coordinator, or this one later, sees the same.
        let pool = PostgresPool(fixture.database.configuration(role: QueueFixture.coordinatorLogin), maximum: 1)
        let courses = try await CoordinatorQueue(pool: pool).limitCourses(of: [entry])
        #expect(courses.map(\.step) == [10, 1800])
        // In its first ten seconds the most that were in flight and the least that was allowed.
        #expect(
            courses[0].looks == [.init(ago: 15, inFlight: 20, allowed: 7), .init(ago: 5, inFlight: 20, allowed: 9)]
        )
        #expect(courses[1].looks == [.init(ago: 15, inFlight: 20, allowed: 7)])
        await pool.close()

        // While the account waits nothing is allowed; a round of the ring later the slot is written over.
        try await fixture.setClock(seconds: 7205)
        try await fixture.admin.execute(
            script: "update parley.limits set resume_at = parley.now() + interval '1 minute'"
        )
        try await queue.lookAtLimits()
        #expect(try await fixture.count("select count(*) from parley.limit_looks where step = 10") == 2)
        let late = try await queue.limitCourses(of: [entry])
        #expect(late[0].looks.map(\.allowed) == [9, 0] && late[0].looks.last?.ago == 5)
        #expect(late[1].looks.map(\.allowed) == [7, 0])
    }
}
