// Submitting: what is inserted, and that doing it again inserts nothing twice.

import ParleyModel
import ParleyPostgres
import Testing

@testable import ParleyQueue

@Suite("Planning")
struct PlanningTests {
    @Test("Job numbers follow from the plan: stream, then epoch, then sample; grades after their cell's probes")
    func numbers() async throws {
        let fixture = try await QueueFixture()
        let definition = testRound(models: ["m", "n"], samples: 3, epochs: 2, judges: ["j"])
        let plan = try StreamPlan(definition, tags: [:])
        #expect(plan.streams.map(\.base) == [0, 6, 12, 18])
        #expect(plan.streams.map(\.probeBase) == [0, 0, 12, 12])
        #expect(plan.streams.map(\.model.text) == ["m", "j", "n", "j"])
        let submission = try await fixture.submit(definition)
        #expect(submission.enqueued == 12 && !submission.existed)
        let worker = try await fixture.worker()
        for job in try await worker.claim(limit: 100) {
            let ordinal = Int64(job.cell * 12 + (job.epoch - 1) * 3 + job.sample)
            #expect(job.id.rawValue == submission.round.rawValue << 36 + ordinal)
            #expect(job.stage == .probe && job.judge == nil && job.probe == nil && job.round == submission.round)
        }
    }

    @Test("A tag that would fall apart and a judge that is not defined are refused")
    func refused() throws {
        #expect(throws: ParleyFailure.self) { try StreamPlan(testRound(), tags: ["m": ["a,b"]]) }
        var definition = testRound(judges: ["j"])
        definition.models.removeAll { $0.name == "j" }
        #expect(throws: ParleyFailure.self) { try StreamPlan(definition, tags: [:]) }
    }

    @Test("Planning again inserts nothing but grades that were lost by hand")
    func again() async throws {
        let fixture = try await QueueFixture()
        try await fixture.admin.execute(script: "update parley.settings set max_attempts = 1")
        let definition = testRound(samples: 6, judges: ["j"])
        let round = try await fixture.submit(definition).round
        let worker = try await fixture.worker()
        let jobs = try await worker.claim(limit: 3)
        _ = try await worker.commit([Commit(key: jobs[0].key, kind: .answered, transcript: [1])])
        _ = try await worker.fail([FailedAttempt(key: jobs[1].key, failureClass: .timeout, message: "")])
        let before = try await fixture.count("select count(*) from parley.jobs")
        let second = try await fixture.submit(definition)
        #expect(second.round == round && second.enqueued == 0 && second.existed)
        #expect(try await fixture.count("select count(*) from parley.jobs") == before)
        try await fixture.admin.execute(script: "delete from parley.jobs")
        #expect(try await fixture.submit(definition).enqueued == 1)
        #expect(try await fixture.count("select count(*) from parley.jobs") == before)
    }

    @Test("A round of the same name with another definition is refused, with a way out")
    func otherDefinition() async throws {
        let fixture = try await QueueFixture()
        try await fixture.submit(testRound())
        await #expect(throws: ParleyFailure.self) { try await fixture.submit(testRound(samples: 5)) }
        let other = try await fixture.submit(testRound(name: "other", samples: 5))
        #expect(other.round > RoundID(1) && other.enqueued == 5)
        #expect(try await fixture.coordinator.rounds().map(\.name.text) == ["round", "other"])
    }

    @Test("A dataset with another number of samples than was frozen leaves nothing behind", arguments: [3, 5])
    func sampleCount(_ count: Int) async throws {
        let fixture = try await QueueFixture()
        var given = 0
        await #expect(throws: ParleyFailure.self) {
            _ = try await fixture.coordinator.submit(testRound(samples: 4)) { suite in
                if given == count { return nil }
                given += 1
                return QueueFixture.sample(suite, given)
            }
        }
        #expect(try await fixture.coordinator.rounds().isEmpty)
        #expect(try await fixture.count("select count(*) from parley.samples") == 0)
    }

    @Test("Many and large samples stream through")
    func manySamples() async throws {
        let fixture = try await QueueFixture()
        let content = [UInt8](repeating: 7, count: 5000)
        var given = 0
        let submission = try await fixture.coordinator.submit(testRound(samples: 2000)) { _ in
            if given == 2000 { return nil }
            given += 1
            return SealedSample(id: "s\(given)", contentHash: ContentHash(of: content), content: content)
        }
        #expect(submission.enqueued == 2000)
        #expect(try await fixture.count("select sum(octet_length(content)) from parley.samples") == 10_000_000)
        let last = try #require(try await fixture.coordinator.sample(round: submission.round, suite: 0, sample: 1999))
        #expect(last.id == "s2000" && last.content == content)
    }

    @Test("The status counts each state")
    func status() async throws {
        let fixture = try await QueueFixture()
        let round = try await fixture.submit(testRound(samples: 10)).round
        let worker = try await fixture.worker()
        let jobs = try await worker.claim(limit: 5)
        try await worker.commitScored(Array(jobs.prefix(2)))
        _ = try await worker.commit([Commit(key: jobs[2].key, kind: .refused, cost: Money(billionths: 5))])
        _ = try await worker.fail([FailedAttempt(key: jobs[3].key, failureClass: .timeout, message: "")])
        let status = try await fixture.coordinator.status(round: round)
        #expect(status.planned == 10 && status.done == 3 && status.probes == [.scored: 2, .refused: 1])
        #expect(status.ready == 5 && status.waiting == 1 && status.leased == 1 && status.dead == 0)
        #expect(status.cost == Money(billionths: 5) && status.finishedLastMinute == 3 && status.grades.isEmpty)
    }

    @Test("A round whose jobs are all done moves to exchange")
    func finish() async throws {
        let fixture = try await QueueFixture()
        let round = try await fixture.submit(testRound()).round
        let worker = try await fixture.worker()
        try await worker.commitScored(try await worker.claim(limit: 10))
        #expect(try await fixture.coordinator.finishIfDone(round) == .finished(unruled: 0))
        #expect(try await fixture.coordinator.rounds().map(\.state) == [.exchange])
        #expect(try await fixture.observations(round).map(\.sample) == [0, 1, 2, 3])
        await #expect(throws: ParleyFailure.self) { _ = try await fixture.coordinator.finishIfDone(RoundID(99)) }
    }
}
