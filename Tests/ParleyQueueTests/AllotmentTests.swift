// Which streams a worker takes from, and how permits are shared among workers.

import ParleyModel
import ParleyPostgres
import Testing

@testable import ParleyQueue

@Suite("Allotment")
struct AllotmentTests {
    @Test("Twelve streams with one pool of permits get equal shares, within a tenth, whatever their sizes")
    func equalShares() async throws {
        let fixture = try await QueueFixture()
        for index in 0..<12 {
            try await fixture.submit(
                testRound(name: RoundName("r\(index)"), samples: 2000 + 500 * index, concurrency: 60)
            )
        }
        let workers = [try await fixture.worker("a"), try await fixture.worker("b")]
        var done: [RoundID: Int] = [:]
        for step in 0..<120 {
            let worker = workers[step % 2]
            let jobs = try await worker.claim(limit: 20)
            #expect(jobs.count <= 20)
            for job in jobs { done[job.round, default: 0] += 1 }
            try await worker.commitScored(jobs)
        }
        let total = done.values.reduce(0, +)
        #expect(total == 2400 && done.count == 12)
        for (round, count) in done { #expect(abs(count - total / 12) <= total / 120, "\(round): \(count) of \(total)") }
    }

    @Test("Where jobs end at once, a round that comes later takes an equal share from then on, and no more")
    func latecomer() async throws {
        let fixture = try await QueueFixture()
        let old = try await fixture.submit(testRound(name: "old", samples: 20_000)).round
        let worker = try await fixture.worker()
        for _ in 0..<50 { try await worker.commitScored(try await worker.claim(limit: 100)) }
        let new = try await fixture.submit(testRound(name: "new", samples: 20_000)).round
        var done: [RoundID: Int] = [:]
        for _ in 0..<40 {
            let jobs = try await worker.claim(limit: 100)
            for job in jobs { done[job.round, default: 0] += 1 }
            try await worker.commitScored(jobs)
        }
        let (ofOld, ofNew) = (done[old, default: 0], done[new, default: 0])
        #expect(ofOld + ofNew == 4000 && abs(ofOld - ofNew) <= 200, "\(ofOld) of the old, \(ofNew) of the new")
    }

    @Test("Workers share a limit max-min fairly: who can use little leaves the rest to others")
    func maxMin() async throws {
        let fixture = try await QueueFixture()
        try await fixture.submit(testRound(samples: 1000, concurrency: 30))
        let small = try await fixture.worker("small")
        let large = try await fixture.worker("large")
        let other = try await fixture.worker("other")
        #expect(try await small.claim(limit: 2).count == 2)
        let first = try await large.claim(limit: 1000)
        #expect(first.count == 28)
        #expect(try await other.claim(limit: 1000) == [], "nobody loses what it holds")
        // The next time that the large one asks, it knows of the other and gives up what is free.
        try await large.commitScored(Array(first.prefix(20)))
        let second = try await large.claim(limit: 1000)
        let third = try await other.claim(limit: 1000)
        #expect(second.count + third.count == 20 && third.count >= 13, "\(second.count) and \(third.count)")
    }

    @Test("The permits of a worker that dies are free when its lease ends")
    func death() async throws {
        let fixture = try await QueueFixture()
        try await fixture.submit(testRound(samples: 100, concurrency: 10))
        let first = try await fixture.worker("first")
        #expect(try await first.claim(limit: 50).count == 10)
        let second = try await fixture.worker("second", lease: .seconds(600))
        #expect(try await second.claim(limit: 50) == [])
        try await fixture.setClock(seconds: 61)
        #expect(try await second.claim(limit: 50).count == 10)
    }

    @Test("Idle workers keep no permits")
    func idle() async throws {
        let fixture = try await QueueFixture()
        try await fixture.submit(testRound(samples: 4, concurrency: 10))
        let worker = try await fixture.worker()
        try await worker.commitScored(try await worker.claim(limit: 10))
        #expect(try await worker.claim(limit: 10) == [])
        #expect(try await fixture.count("select count(*) from parley.permits") == 0)
    }

    @Test("Submitting a million jobs writes one row a stream")
    func million() async throws {
        let fixture = try await QueueFixture()
        let submission = try await fixture.submit(testRound(models: ["m", "n"], samples: 50, epochs: 10_000))
        #expect(submission.enqueued == 1_000_000)
        #expect(try await fixture.count("select count(*) from parley.jobs") == 0)
        let status = try await fixture.coordinator.status(round: submission.round)
        #expect(status.ready == 1_000_000 && status.planned == 1_000_000)
    }
}
