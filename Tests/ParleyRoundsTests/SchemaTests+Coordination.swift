// Documents of the calendar, of graders and of rehearsals with every member that they can have, and series files, held
// against their schemas.

import ParleyCoordinator
import ParleyEvidence
import ParleyModel
import ParleyRounds
import ParleyTestSupport
import Testing

@testable import ParleyQueue

extension SchemaTests {
    private static let day: Int64 = 86_400_000_000

    @Test("of the calendar follows calendar.schema.json; what is open, near and overdue is said")
    func calendar() throws {
        func window(_ kind: String, _ from: Int64, _ to: Int64, _ state: RoundState? = .frozen) -> CalendarWindow {
            CalendarWindow(
                series: "s",
                occurrence: 0,
                kind: kind,
                opensAtMicros: from * Self.day,
                closesAtMicros: to * Self.day,
                openedAtMicros: from * Self.day,
                closedAtMicros: to * Self.day,
                effects: ["started"],
                round: state.map { _ in "r" },
                state: state
            )
        }
        let windows = [
            window("nomination", 1, 2), window("freeze", 2, 3), window("run", 3, 9), window("exchange", 12, 30),
            window("nomination", 1, 2, nil), window("freeze", 1, 2, .draft), window("run", 1, 2, .running),
            window("release", 1, 2, .published),
        ]
        let document = CalendarDocument(windows, reminders: ["s": [14, 2]], now: 5 * Self.day)
        #expect(try SchemaCheck("calendar").problems(JSONValue(encoding: document)) == [])
        #expect(
            document.windows.map(\.status) == [.closed, .closed, .open, .upcoming, .closed, .closed, .closed, .closed]
        )
        #expect(
            document.windows.map(\.overdue) == [
                nil, nil, nil, nil, "no round is assigned", "the round is not frozen", "the round is not done", nil,
            ]
        )
        #expect(document.reminders.map(\.edge) == ["closes", "opens"] && document.reminders.map(\.daysLeft) == [4, 7])
        #expect(document.now == "1970-01-06T00:00:00Z")
    }

    @Test("of graders follows graders.schema.json")
    func graders() throws {
        let definition = try RoundFileTests.withMetadata().plan().definition
        let graded = try #require(definition.suites.firstIndex { $0.scorer.grader != nil })
        var later = try #require(definition.suites[graded].scorer.grader)
        later.version = "2"
        let grading = Grading(
            suite: graded,
            number: 1,
            firstJudge: 1,
            grader: later,
            identity: try definition.identity(of: later),
            askedAtMicros: 0,
            askedBy: "ada",
            reason: "why",
            done: 1,
            left: 2
        )
        let suites = Set(definition.suites.map(\.name))
        let document = try GradersDocument("r", definition, [grading], suites: suites)
        #expect(try SchemaCheck("graders").problems(JSONValue(encoding: document)) == [])
        #expect(document.graders.map(\.version) == [definition.suites[graded].scorer.grader?.version, "2"])
    }

    @Test("of a rehearsal follows rehearsal.schema.json; recovery is proved only where nothing is lost or unexplained")
    func rehearsal() throws {
        func document(ended: Int, answers: Int, killed: (done: Int, held: Int)? = (3, 2)) -> RehearsalDocument {
            var account = RehearsalAccount()
            account.probes = [.scored: ended]
            account.rescued = 2
            account.answersKept = 10
            account.mostCalls = 1
            account.cost = Money(billionths: 5)
            return RehearsalDocument(
                round: "r",
                definitionHash: ContentHash(of: [1]),
                account: account,
                killed: killed,
                plan: RehearsalPlan(jobs: 10, gradeJobs: 0, seconds: 60, tokens: 100, money: Money(billionths: 9)),
                seconds: 1.5,
                provider: .init(requests: 13, answers: answers, refusals: 1, truncated: 1, faults: ["rate_limit": 1])
            )
        }
        let proved = document(ended: 10, answers: 12)
        #expect(try SchemaCheck("rehearsal").problems(JSONValue(encoding: proved)) == [])
        #expect(proved.recovery.proved && proved.recovery.answersRepeated == 2 && proved.recovery.lost == 0)
        #expect(proved.prediction.attemptsPerJob == 1.2 && proved.prediction.seconds == 72)
        #expect(!document(ended: 9, answers: 12).recovery.proved, "a job is lost")
        #expect(
            !document(ended: 10, answers: 13).recovery.proved,
            "an answer was paid twice, and no attempt explains it"
        )
        #expect(!document(ended: 10, answers: 12, killed: nil).recovery.proved, "nobody was killed")
    }

    @Test("of the executed order follows order.schema.json")
    func order() throws {
        let definition = try SmallRound.folder([("scorer: exact", "scorer: exact\nruns: all")]).plan().definition
        let starts = (0..<24).map { place -> OrderDocument.Start in
            OrderDocument.Start(
                cell: place % 2,
                sample: place / 2,
                epoch: 1,
                atMicros: Int64(place) * 1_000_000,
                score: Score(place % 2 == 0 ? 1 : place < 12 ? 0 : 1)
            )
        }
        let document = OrderDocument(definition, starts.reversed())
        #expect(try SchemaCheck("order").problems(JSONValue(encoding: document)) == [])
        #expect(document.planned == .definition && document.cells.allSatisfy { $0.outOfTurn == 0 })
        // The eighth begins at last, so that the four that were planned after it are early; it alone is out of its turn.
        let late = OrderDocument(
            definition,
            starts.map {
                OrderDocument.Start(
                    cell: $0.cell,
                    sample: $0.sample,
                    epoch: $0.epoch,
                    atMicros: $0.atMicros + ($0.cell == 0 && $0.sample == 7 ? 60_000_000 : 0),
                    score: $0.score
                )
            }
        )
        #expect(late.cells.map(\.outOfTurn) == [1, 0])
        #expect(document.suites.map(\.withinBlock) == [true] && document.suites.map(\.block) == [0.5])
        #expect(document.cells.map(\.drifted) == [nil, true] && document.cells.map(\.started) == [12, 12])
        #expect(
            document.suites.map(\.largestImbalance) == [0.5]
                && document.cells[0].lastStart == "1970-01-01T00:00:22.000Z"
        )
    }

    @Test("of a series has the keys of series.schema.json, and the example is one")
    func series() throws {
        let path = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/examples/series.yaml"
        let series = try SeriesFile.read(path)
        #expect(series.name == "frontier" && series.windows.count == WindowKind.allCases.count)
    }

    @Test("of pools follows pools.schema.json")
    func pools() throws {
        func worker(_ id: Int64, _ pool: String, concurrency: Int?) -> WorkerStatus {
            WorkerStatus(
                id: WorkerID(id),
                name: "w",
                host: "h",
                process: 7,
                version: "0.1.0",
                pool: pool,
                tags: ["definition:1", "key:north"],
                state: "paused",
                concurrency: concurrency,
                isAlive: true,
                held: 3,
                vitals: nil
            )
        }
        let pools = [("default", nil), ("north-net", 200)].map { name, concurrency in
            PoolStatus(name: name, state: "active", concurrency: concurrency, workers: 1, held: 3)
        }
        let document = PoolsDocument(
            pools,
            [worker(1, "default", concurrency: nil), worker(2, "north-net", concurrency: 200)]
        )
        #expect(try SchemaCheck("pools").problems(JSONValue(encoding: document)) == [])
        #expect(document.pools.map { $0.workers.map(\.worker) } == [[1], [2]])
    }
}
