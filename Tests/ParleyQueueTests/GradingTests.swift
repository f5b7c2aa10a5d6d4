// Grading again: further judges over answers that are there, old grades kept, and which grades findings use.

import ParleyCoordinator
import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTestSupport
import Testing

@Suite("Grading again")
struct GradingTests {
    private static let authority = CoordinatorQueue.Authority(actor: "ada", reason: "a better rubric")

    private static func grader(_ version: String, _ judges: [ConfigurationName], rubric: String = "GRADE: A or B")
        -> Grader
    {
        Grader(version: version, judges: judges, rubric: rubric, scale: ["A": .one, "B": .zero], combination: .mean)
    }

    /// A round of two models and two judges whose answers all have the score 0 by its frozen grader.
    private static func finished(_ fixture: QueueFixture, samples: Int = 3) async throws -> (RoundID, WorkerQueue) {
        let definition = testRound(models: ["m", "n"], samples: samples, judges: ["a", "b"], combination: .mean)
        let round = try await fixture.submit(definition).round
        let worker = try await fixture.worker()
        try await work(worker, score: .zero)
        #expect(try await fixture.coordinator.finishIfDone(round) == .finished(unruled: 0))
        return (round, worker)
    }

    /// Answers every probe, and gives every grade this score.
    private static func work(_ worker: WorkerQueue, score: Score) async throws {
        while true {
            let jobs = try await worker.claim(limit: 100)
            if jobs.isEmpty { return }
            let commits = jobs.map { job in
                job.stage == .probe
                    ? Commit(key: job.key, kind: .answered, transcript: [1])
                    : Commit(key: job.key, kind: .scored, score: score, usage: Usage(input: 5))
            }
            #expect(try await worker.commit(commits).allSatisfy { $0 == .committed })
        }
    }

    private static func scores(
        _ fixture: QueueFixture,
        _ round: RoundID,
        by gradings: [Grading] = []
    ) async throws -> [Score?] {
        var scores: [Score?] = []
        try await fixture.coordinator.observations(round: round, by: gradings, pageSize: 4) {
            scores += $0.map(\.score)
        }
        return scores
    }

    @Test("queues a grade of each answer and judge and no probe; old grades stay, and findings name whose they use")
    func again() async throws {
        let fixture = try await QueueFixture()
        let (round, worker) = try await Self.finished(fixture)
        let queue = fixture.coordinator
        let request = try await queue.gradeAgain(round, suite: "suite", by: Self.grader("2", ["b"]), Self.authority)
        #expect(request == .init(number: 1, queued: 6, existed: false))
        #expect(try await queue.rounds().map(\.state) == [.running])
        #expect(try await Self.scores(fixture, round) == Array(repeating: .zero, count: 6))
        let gradings = try await queue.gradings(round: round)
        #expect(gradings.map(\.judges) == [2..<3] && gradings.map(\.left) == [6] && gradings[0].askedBy == "ada")
        #expect(try await Self.scores(fixture, round, by: gradings) == [], "no answer is graded by it yet")

        let jobs = try await worker.claim(limit: 1)
        #expect(jobs.map(\.stage) == [.grade] && jobs.map(\.judge) == [2])
        let input = try await worker.probeTranscript(for: try #require(jobs.first).key)
        #expect(input.transcript == [1])
        #expect(try await worker.laterGraders(round: round).map(\.grader) == [Self.grader("2", ["b"])])
        try await worker.release(jobs.keys)
        try await Self.work(worker, score: .one)
        #expect(try await queue.finishIfDone(round) == .finished(unruled: 0))

        #expect(try await Self.scores(fixture, round) == Array(repeating: .zero, count: 6))
        #expect(try await Self.scores(fixture, round, by: gradings) == Array(repeating: .one, count: 6))
        let frozen = try await queue.findings(round: round)
        let later = try await queue.findings(round: round, grader: "2")
        #expect(frozen.cells.map(\.estimate) == [0, 0] && later.cells.map(\.estimate) == [1, 1])
        #expect(frozen.suites.map(\.grader?.version) == ["1"] && frozen.suites.map(\.grader?.frozen) == [true])
        #expect(later.suites.map(\.grader?.version) == ["2"] && later.suites.map(\.grader?.frozen) == [false])
        #expect(
            later.suites[0].grader?.identity == gradings[0].identity && frozen.definitionHash == later.definitionHash
        )
        #expect(try await fixture.count("select count(*) from parley.outcomes where stage = 0") == 6)
        #expect(try await fixture.count("select count(*) from parley.outcomes where stage = 1") == 18)
        await #expect(throws: ParleyFailure.self) { _ = try await queue.findings(round: round, grader: "3") }
        let entries = try await fixture.count("select count(*) from parley.ledger where what = 'grade' and who = 'ada'")
        #expect(entries == 1)
    }

    @Test("asked for twice queues nothing twice; another grader of the same version is refused")
    func twice() async throws {
        let fixture = try await QueueFixture()
        let (round, worker) = try await Self.finished(fixture)
        let queue = fixture.coordinator
        func ask(_ grader: Grader) async throws -> CoordinatorQueue.GradingRequest {
            try await queue.gradeAgain(round, suite: "suite", by: grader, Self.authority)
        }
        let grader = Self.grader("2", ["a", "b"])
        #expect(try await ask(grader) == .init(number: 1, queued: 12, existed: false))
        #expect(try await ask(grader) == .init(number: 1, queued: 0, existed: true))
        try await Self.work(worker, score: .one)
        #expect(try await ask(grader) == .init(number: 1, queued: 0, existed: true))
        #expect(try await ask(Self.grader("3", ["a"])) == .init(number: 2, queued: 6, existed: false))
        let changed = Self.grader("2", ["a", "b"], rubric: "GRADE: A or B, please")
        #expect(try await sqlState { _ = try await ask(changed) } == "23505")
        await #expect(throws: ParleyFailure.self) { _ = try await ask(Self.grader("4", ["nobody"])) }
        #expect(try await queue.gradings(round: round).map(\.firstJudge) == [2, 4])
    }

    @Test("is allowed while a round is graded or exchanged, sends it back to run, and is refused in every state after")
    func states() async throws {
        let fixture = try await QueueFixture()
        let (round, worker) = try await Self.finished(fixture)
        let queue = fixture.coordinator
        for (version, state) in [("2", RoundState.grading), ("3", .exchange)] {
            if state == .grading { try await queue.move(round, to: state, by: Self.authority) }
            #expect(try await queue.rounds().map(\.state) == [state])
            let grader = Self.grader(version, ["a"])
            #expect(try await queue.gradeAgain(round, suite: "suite", by: grader, Self.authority).queued == 6)
            #expect(try await queue.rounds().map(\.state) == [.running])
            try await Self.work(worker, score: .one)
            #expect(try await queue.finishIfDone(round) == .finished(unruled: 0))
        }
        for state in [RoundState.correction, .disclosure, .published, .corrected, .retired] {
            try await queue.move(round, to: state, by: Self.authority)
            let refused = await #expect(throws: ParleyFailure.self) {
                _ = try await queue.gradeAgain(round, suite: "suite", by: Self.grader("4", ["a"]), Self.authority)
            }
            #expect(refused?.message.contains("can be graded again until its exchange ends") == true, "\(state)")
        }
        #expect(try await queue.gradings(round: round).map(\.grader.version) == ["2", "3"])
    }

    @Test("while the round runs, later answers are graded by both graders")
    func whileRunning() async throws {
        let fixture = try await QueueFixture()
        let round = try await fixture.submit(testRound(samples: 4, judges: ["a"])).round
        let worker = try await fixture.worker()
        let first = try await worker.claim(limit: 1)
        _ = try await worker.commit(first.map { Commit(key: $0.key, kind: .answered, transcript: [1]) })
        let queued = try await fixture.coordinator.gradeAgain(
            round,
            suite: "suite",
            by: Self.grader("2", ["a"]),
            Self.authority
        ).queued
        #expect(queued == 1)
        try await Self.work(worker, score: .one)
        let gradings = try await fixture.coordinator.gradings(round: round)
        #expect(gradings.map(\.done) == [4] && gradings.map(\.left) == [0])
        #expect(try await Self.scores(fixture, round, by: gradings).count == 4)
    }

    @Test("A judge's grades come mixed over configurations and samples")
    func mixed() async throws {
        let fixture = try await QueueFixture()
        let models: [ModelName] = ["m", "n", "o"]
        try await fixture.submit(testRound(models: models, samples: 40, judges: ["a"]))
        let worker = try await fixture.worker()
        var probes: [ClaimedJob] = []
        while probes.count < 120 { probes += try await worker.claim(limit: 200) }
        _ = try await worker.commit(probes.map { Commit(key: $0.key, kind: .answered, transcript: [1]) })
        var cells: [Int] = []
        while true {
            let jobs = try await worker.claim(limit: 30)
            if jobs.isEmpty { break }
            if jobs.count == 30 { #expect(Set(jobs.map(\.cell)).count == 3, "each batch is of all configurations") }
            cells += jobs.map(\.cell)
            try await worker.commitScored(jobs)
        }
        #expect(cells.count == 120)
        // Sorted by configuration there would be 2 changes; in random order two thirds of 119, 79, with an error of 5.
        let changes = zip(cells, cells.dropFirst()).count { $0 != $1 }
        #expect((55...105).contains(changes), "\(changes) changes of configuration")
        // Nor do they alternate: every pair of neighbours occurs.
        #expect(Set(zip(cells, cells.dropFirst()).map { $0 * 3 + $1 }).count == 9)
    }
}
