// Which streams a worker takes from, and how permits are shared among workers.

import ParleyModel
import ParleyPostgres
import ParleyTestSupport
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

    /// A round of `a` with three models and `b` with one, all on one suite.
    private static func compared(_ name: RoundName, concurrency: [Int] = [1000, 1000, 1000, 1000]) -> RoundDefinition {
        var round = testRound(name: name, models: ["a1", "a2", "a3", "b"], samples: 200)
        round.parties.append(Party(name: "other", title: "Other", role: .lab))
        round.models[3].party = "other"
        for index in round.models.indices { round.models[index].concurrency = concurrency[index] }
        return round
    }

    /// Claims until nothing is left, with some held for a while; the largest lead of a cell over another on the way.
    private func largestLead(_ definition: RoundDefinition, seed: UInt64, weight: Int? = nil) async throws -> Int {
        var random = SeededGenerator(seed: seed)
        let fixture = try await QueueFixture()
        let round = try await fixture.submit(definition).round
        if let weight {
            let script = "update parley.streams set weight = \(weight) where round_id = \(round) and party = 'other'"
            try await fixture.admin.execute(script: script)
        }
        let workers = [try await fixture.worker("u"), try await fixture.worker("v")]
        var held: [[ClaimedJob]] = [[], []]
        var begun = [Int](repeating: 0, count: definition.cells.count)
        var lead = 0
        while begun.reduce(0, +) < 800 {
            let who = Int.random(in: 0...1, using: &random)
            let jobs = try await workers[who].claim(limit: Int.random(in: 1...40, using: &random))
            for job in jobs { begun[job.cell] += 1 }
            held[who] += jobs
            lead = max(lead, (begun.max() ?? 0) - (begun.min() ?? 0))
            held[who].shuffle(using: &random)
            let done = Array(held[who].prefix(held[who].count - min(10, held[who].count / 2)))
            try await workers[who].commitScored(done)
            held[who].removeFirst(done.count)
        }
        return lead
    }

    @Test("Cells of one suite advance within a block of one another, whoever's they are", arguments: 0..<3)
    func blocks(_ run: Int) async throws {
        let seed = UInt64.random(in: 0 ... .max)
        let lead = try await largestLead(Self.compared("even"), seed: seed)
        #expect(lead <= SampleOrder.block(samples: 200), "seed \(seed): \(lead)")
    }

    @Test("A limit holds its own cell back and no other; a larger weight goes before the block")
    func limitedBlocks() async throws {
        let limited = try await largestLead(Self.compared("limited", concurrency: [1000, 1, 1000, 1000]), seed: 7)
        #expect(limited > 100, "the others do not wait for the one that may run one at a time: \(limited)")
        let weighted = try await largestLead(Self.compared("weighted"), seed: 7, weight: 4)
        #expect(weighted > SampleOrder.block(samples: 200), "\(weighted)")
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
