// Grade jobs and how judges' grades become one observation.

import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTestSupport
import Testing

@Suite("Grades")
struct GradeTests {
    /// Probes one sample, lets the judges grade it (nil: unscorable), and gives the observation.
    private func observe(_ grades: [Int64?], _ combination: Grader.Combination) async throws -> Observation {
        let fixture = try await QueueFixture()
        let judges = grades.indices.map { ModelName("j\($0)") }
        let round = try await fixture.submit(testRound(samples: 1, judges: judges, combination: combination)).round
        let worker = try await fixture.worker()
        let probe = try #require(try await worker.claim(limit: 1).first)
        let answered = Commit(
            key: probe.key,
            kind: .answered,
            usage: Usage(input: 3),
            cost: Money(billionths: 2),
            transcript: [9, 9]
        )
        #expect(try await worker.commit([answered]) == [.committed])
        #expect(try await worker.commit([answered]) == [.alreadyMine])
        let jobs = try await worker.claim(limit: 50)
        #expect(jobs.compactMap(\.judge).sorted() == Array(grades.indices))
        for job in jobs {
            #expect(try await fixture.observations(round) == [])
            #expect(job.stage == .grade && job.probe == probe.id && job.sample == 0 && job.epoch == 1)
            let input = try await worker.probeTranscript(for: job.key)
            #expect(input.transcript == [9, 9] && input.sample == QueueFixture.sample(0, 0))
            let grade = try #require(job.judge.map { grades[$0] })
            let commit = Commit(
                key: job.key,
                kind: grade == nil ? .unscorable : .scored,
                score: grade.map(Score.init(billionths:)),
                usage: Usage(input: 10, output: 1),
                cost: Money(billionths: 100)
            )
            #expect(try await worker.commit([commit]) == [.committed])
        }
        let count = Int64(grades.count)
        let all = try await fixture.observations(round)
        let observation = try #require(all.first)
        #expect(all.count == 1 && observation.job == probe.id && observation.usage == Usage(input: 3))
        #expect(observation.cost == Money(billionths: 2) && observation.judgeCost == Money(billionths: 100 * count))
        #expect(observation.judgeTokens == 11 * count)
        return observation
    }

    private func score(_ grades: [Int64?], _ combination: Grader.Combination) async throws -> Int64? {
        let observation = try await observe(grades, combination)
        #expect(observation.kind == (observation.score == nil ? .unscorable : .scored))
        return observation.score?.billionths
    }

    @Test("Majority is the value of more than half of all judges")
    func majority() async throws {
        #expect(try await score([1], .majority) == 1)
        #expect(try await score([0, 7, 7], .majority) == 7)
        #expect(try await score([0, 7], .majority) == nil)
        #expect(try await score([7, 7, nil], .majority) == 7)
        #expect(try await score([7, nil, nil], .majority) == nil)
        #expect(try await score([1, 2, 3], .majority) == nil)
    }

    @Test("Median and mean are of the judges present, more than half of all; halves round away from zero")
    func means() async throws {
        #expect(try await score([9, 1, 5], .median) == 5)
        #expect(try await score([1, 2], .median) == 2)
        #expect(try await score([-1, -2], .mean) == -2)
        #expect(try await score([1, 1, 2], .mean) == 1)
        #expect(try await score([4, nil], .mean) == nil)
        #expect(try await score([4, 8, nil], .median) == 6)
    }

    @Test("Grades are read one by one in pages, a judge without a verdict among them; samples have their numbers")
    func oneByOne() async throws {
        let fixture = try await QueueFixture()
        let definition = testRound(models: ["m", "n"], samples: 3, epochs: 2, judges: ["j0", "j1"])
        let round = try await fixture.submit(definition).round
        let worker = try await fixture.worker()
        func grades(pageSize: Int) async throws -> [JudgeGrade] {
            var all: [JudgeGrade] = []
            try await fixture.coordinator.grades(round: round, pageSize: pageSize) { all += $0 }
            return all
        }
        let probes = try await worker.claim(limit: 50)
        #expect(probes.count == 12)
        _ = try await worker.commit(probes.map { Commit(key: $0.key, kind: .answered, transcript: [1]) })
        #expect(try await grades(pageSize: 5).isEmpty)
        let jobs = try await worker.claim(limit: 50)
        #expect(jobs.count == 24)
        func score(_ job: ClaimedJob) -> Int64? { job.sample == 2 ? nil : Int64(job.sample * 10 + job.epoch) }
        _ = try await worker.commit(
            jobs.map { job in
                Commit(
                    key: job.key,
                    kind: score(job) == nil ? .unscorable : .scored,
                    score: score(job).map(Score.init(billionths:))
                )
            }
        )
        let all = try await grades(pageSize: 5)
        #expect(all.count == 24 && Set(all).count == 24)
        #expect(Set(all) == Set(try await grades(pageSize: 1000)))
        for job in jobs {
            let grade = all.first {
                $0.cell == job.cell && $0.judge == job.judge && $0.sample == job.sample && $0.epoch == job.epoch
            }
            #expect(grade?.score?.billionths == score(job))
            #expect(grade?.kind == (score(job) == nil ? .unscorable : .scored))
        }
        #expect(try await fixture.coordinator.sampleNumbers(round: round, suite: 0) == ["s0": 0, "s1": 1, "s2": 2])
    }

    @Test("Combined scores equal a naive calculation on random grades")
    func combinedOracle() async throws {
        let fixture = try await QueueFixture()
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let (scores, judges) = Grader.Combination.randomScores(&random)
            for combination in Grader.Combination.allCases {
                let row = try await fixture.admin.query(
                    "select parley.combined_score($1, $2, $3) as score",
                    [.int64Array(scores), .int64(Int64(judges)), .text(combination.rawValue)]
                ).only()
                let expected = combination.naive(scores, judges: judges)
                #expect(try row.int64OrNil("score") == expected, "seed \(seed): \(scores) of \(judges), \(combination)")
            }
        }
    }

    @Test("A dead grade counts as a missing judge, not as the model's failure")
    func deadGrade() async throws {
        let fixture = try await QueueFixture()
        try await fixture.admin.execute(script: "update parley.settings set max_attempts = 1")
        let round = try await fixture.submit(testRound(samples: 1, judges: ["a", "b", "c"], combination: .mean)).round
        let worker = try await fixture.worker()
        let probe = try #require(try await worker.claim(limit: 1).first)
        _ = try await worker.commit([Commit(key: probe.key, kind: .answered, transcript: [1])])
        let grades = try await worker.claim(limit: 5)
        _ = try await worker.fail([FailedAttempt(key: grades[0].key, failureClass: .timeout, message: "")])
        #expect(try await fixture.observations(round) == [])
        #expect(try await worker.commitScored(Array(grades.dropFirst())) == [.committed, .committed])
        let observations = try await fixture.observations(round)
        #expect(observations.map(\.kind) == [.scored] && observations.map(\.score) == [.one])
    }

    @Test("A transcript is given to the holder of its grade job only")
    func transcriptAccess() async throws {
        let fixture = try await QueueFixture()
        try await fixture.submit(testRound(samples: 1, judges: ["a"]))
        let worker = try await fixture.worker()
        let other = try await fixture.worker("other")
        let probe = try #require(try await worker.claim(limit: 1).first)
        _ = try await worker.commit([Commit(key: probe.key, kind: .answered, transcript: [1])])
        let grade = try #require(try await worker.claim(limit: 1).first)
        #expect(try await sqlState { _ = try await other.probeTranscript(for: grade.key) } == "42501")
        #expect(try await sqlState { _ = try await worker.probeTranscript(for: probe.key) } == "42501")
        try await worker.release([grade.key])
        #expect(try await sqlState { _ = try await worker.probeTranscript(for: grade.key) } == "42501")
    }

    @Test("A grade cannot itself be answered elsewhere")
    func gradeOfGrade() async throws {
        let fixture = try await QueueFixture()
        try await fixture.submit(testRound(samples: 1, judges: ["a"]))
        let worker = try await fixture.worker()
        let probe = try #require(try await worker.claim(limit: 1).first)
        _ = try await worker.commit([Commit(key: probe.key, kind: .answered, transcript: [1])])
        let grade = try #require(try await worker.claim(limit: 1).first)
        let bad = Commit(key: grade.key, kind: .answered)
        #expect(try await sqlState { _ = try await worker.commit([bad]) } == "23514")
    }
}
