// The calendar's windows in the database: opened and closed once, however late and by however many, and what that does
// to a round. The clock is moved, nobody waits.

import ParleyCoordinator
import ParleyModel
import ParleyQueue
import ParleyRounds
import ParleyTestSupport
import Testing

@Suite("Windows of the calendar")
struct CalendarTurnTests {
    /// The tests' clock begins at 1 January 2030, 0:00 UTC.
    private static func series(_ windows: [SeriesWindow]) -> Series {
        Series(
            name: "s",
            title: "S",
            timeZone: "UTC",
            first: "2030-01-02",
            everyMonths: 6,
            windows: windows,
            reminders: [3]
        )
    }
    private static let run = SeriesWindow(kind: .run, day: 0, days: 2)
    private static let exchange = SeriesWindow(kind: .exchange, day: 2, days: 1)
    private static let day = 86_400

    private static func words(_ edges: [TurnedEdge]) -> [String] { edges.map { "\($0.kind) \($0.edge)" } }

    @Test("A coordinator that was down turns what it missed in order, and no edge twice")
    func down() async throws {
        let fixture = try await QueueFixture()
        let queue = fixture.coordinator
        #expect(try await queue.plan(Self.series([Self.run, Self.exchange]), by: "ada") > 0)
        #expect(try await queue.turnWindows().isEmpty)
        try await fixture.setClock(seconds: Self.day)
        #expect(try await Self.words(queue.turnWindows()) == ["run open"])
        #expect(try await queue.turnWindows().isEmpty)
        try await fixture.setClock(seconds: 10 * Self.day)
        let late = try await queue.turnWindows()
        #expect(Self.words(late) == ["run close", "exchange open", "exchange close"])
        #expect(late.map(\.dueAtMicros) == late.map(\.dueAtMicros).sorted())
        #expect(try await queue.turnWindows().isEmpty)
        let window = try #require(try await queue.calendar().first)
        #expect((window.openedAtMicros ?? 0) - window.opensAtMicros == 0)
        #expect((window.closedAtMicros ?? 0) - window.closesAtMicros == Int64(7 * Self.day) * 1_000_000)
        let document = try await queue.calendarDocument()
        #expect(document.windows.prefix(2).map(\.overdue) == ["the round is not done", "results were not exchanged"])
        #expect(document.windows.dropFirst(2).allSatisfy { $0.status == .upcoming && $0.overdue == nil })
    }

    @Test("Coordinators beside one another turn each edge once")
    func beside() async throws {
        let fixture = try await QueueFixture()
        let queue = fixture.coordinator
        try await queue.plan(Self.series([Self.run, Self.exchange]), by: "ada")
        try await fixture.setClock(seconds: 400 * Self.day)
        let turned = try await withThrowingTaskGroup(of: [TurnedEdge].self) { group in
            for _ in 0..<8 { group.addTask { try await queue.turnWindows() } }
            return try await group.reduce(into: [TurnedEdge]()) { $0 += $1 }
        }
        #expect(turned.count == Set(turned).count)
        #expect(try await fixture.count("select count(*) from parley.window_turns") == turned.count)
        // Three occurrences within 400 days, four edges each.
        #expect(turned.count == 12)
    }

    @Test("A changed series moves what has not begun and leaves history as it was")
    func changed() async throws {
        let fixture = try await QueueFixture()
        let queue = fixture.coordinator
        try await queue.plan(Self.series([Self.run, Self.exchange]), by: "ada")
        try await fixture.setClock(seconds: Self.day)
        _ = try await queue.turnWindows()
        let before = try await queue.calendar()
        var longer = Self.run
        longer.days = 5
        try await queue.plan(Self.series([longer]), by: "ada")
        let after = try await queue.calendar()
        #expect(after.first == before.first, "the run that is open stays as it was announced")
        #expect(
            after.dropFirst().allSatisfy { $0.kind == "run" && $0.closesAtMicros - $0.opensAtMicros == 432_000_000_000 }
        )
        #expect(try await queue.plan(Self.series([longer]), by: "ada") == 0)
        // A file that is planned again changes nothing of what was turned.
        try await fixture.setClock(seconds: 3 * Self.day)
        #expect(try await Self.words(queue.turnWindows()) == ["run close"])
        #expect(try await queue.turnWindows().isEmpty)
    }

    @Test("A run's opening starts its frozen round, its closing pauses what is left; reminders come before")
    func round() async throws {
        let fixture = try await QueueFixture()
        let queue = fixture.coordinator
        try await queue.plan(Self.series([Self.run]), by: "ada")
        let round = try await fixture.submitFrozen(testRound())
        try await queue.assign(round, series: "s", occurrence: 0, by: "ada")
        #expect(try await queue.calendarDocument().reminders.map(\.edge) == ["opens", "closes"])
        let worker = try await fixture.worker()
        #expect(try await worker.claim(limit: 1).isEmpty)
        try await fixture.setClock(seconds: Self.day)
        #expect(try await queue.turnWindows().map(\.effect) == ["started"])
        #expect(try await worker.claim(limit: 1).count == 1)
        try await fixture.setClock(seconds: 3 * Self.day)
        #expect(try await queue.turnWindows().map(\.effect) == ["paused"])
        #expect(try await queue.rounds().map(\.state) == [.running])
        #expect(try await queue.status(round: round).paused.map(\.pauseReason) == ["the run window has closed"])
        #expect(try await fixture.count("select count(*) from parley.ledger where what = 'window'") == 2)
        let other = try await fixture.submitFrozen(testRound(name: "other"))
        #expect(try await sqlState { try await queue.assign(other, series: "s", occurrence: 0, by: "ada") } == "55000")
        #expect(try await sqlState { try await queue.assign(other, series: "x", occurrence: 0, by: "ada") } == "P0002")
        #expect(try await sqlState { try await queue.assign(round, series: "s", occurrence: 1, by: "ada") } == "23505")
    }
}

extension QueueFixture {
    /// Submits a round that is frozen and does not run.
    fileprivate func submitFrozen(_ definition: RoundDefinition) async throws -> RoundID {
        var number = 0
        return try await coordinator.submit(definition, upTo: .frozen) { _ in
            if number == definition.suites[0].dataset.count { return nil }
            defer { number += 1 }
            return Self.sample(0, number)
        }.round
    }
}
