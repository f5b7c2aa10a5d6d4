// Who leads among coordinators, and that nothing of an old term takes effect once a new one has begun.

import ParleyModel
import ParleyPostgres
import ParleyTestSupport
import Testing

@testable import ParleyQueue

@Suite("Leadership")
struct LeadershipTests {
    private let fixture: QueueFixture
    private var queue: CoordinatorQueue { fixture.coordinator }

    init() async throws { fixture = try await QueueFixture() }

    private func expire() async throws {
        _ = try await fixture.admin.query(
            "update parley.leadership set expires_at = parley.now() - interval '1 second'"
        )
    }

    @Test("One leads while its lease runs; after it the next term begins, and after a resignation at once")
    func terms() async throws {
        let first = try #require(try await queue.lead("a", renewing: nil, lease: .seconds(60)))
        #expect(first.number == 1)
        #expect(try await queue.lead("b", renewing: nil, lease: .seconds(60)) == nil)
        #expect(try await queue.lead("a", renewing: first, lease: .seconds(60)) == first)
        try await expire()
        // Nobody took it: nobody has acted since.
        #expect(try await queue.lead("a", renewing: first, lease: .seconds(60)) == first)
        try await expire()
        let second = try #require(try await queue.lead("b", renewing: nil, lease: .seconds(60)))
        #expect(second.number == 2 && second.holder == "b")
        #expect(try await queue.lead("a", renewing: first, lease: .seconds(60)) == nil)
        try await queue.resign(first)
        #expect(try await queue.leadership().holds)
        try await queue.resign(second)
        #expect(try await queue.lead("a", renewing: nil, lease: .seconds(60))?.number == 3)
        let leadership = try await queue.leadership()
        #expect(leadership.term == 3 && leadership.holder == "a" && leadership.holds)
    }

    @Test("A statement of an old term is undone, and says so; one of the present term takes effect")
    func fenced() async throws {
        let round = try await fixture.submit(testRound(samples: 4)).round
        let old = try #require(try await queue.lead("a", renewing: nil, lease: .seconds(60)))
        try await expire()
        let new = try #require(try await queue.lead("b", renewing: nil, lease: .seconds(60)))
        let authority = CoordinatorQueue.Authority(actor: "a", reason: "late")
        do {
            try await queue.under(old).control(.pause, round, by: authority)
            Issue.record("an old leader acted")
        } catch { #expect(CoordinatorQueue.isOver(error), "\(error)") }
        #expect(try await queue.status(round: round).paused.isEmpty)
        try await queue.under(new).control(.pause, round, by: authority)
        #expect(try await !queue.status(round: round).paused.isEmpty)
    }

    @Test("A new term waits for a duty under way, which a renewal does not")
    func waits() async throws {
        let term = try #require(try await queue.lead("a", renewing: nil, lease: .seconds(60)))
        let duty = try await fixture.database.connect(role: QueueFixture.coordinatorLogin)
        try await duty.execute(script: "begin; select parley.require_term(\(term.number))")
        #expect(try await queue.lead("a", renewing: term, lease: .seconds(60)) == term)
        try await expire()
        let queue = queue
        async let next = queue.lead("b", renewing: nil, lease: .seconds(60))
        // It is seen to wait for the row's lock.
        while try await fixture.admin.query(
            "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%parley.lead(%'"
        ).isEmpty { await Task.yield() }
        try await duty.execute(script: "commit")
        #expect(try await next?.number == term.number + 1)
        await duty.close()
    }
}
