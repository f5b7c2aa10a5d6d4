// Sealed outcomes: only what is final is sealed, and findings are the same bytes with and without.

import ParleyCoordinator
import ParleyModel
import ParleyPostgres
import ParleyTestSupport
import Testing

@testable import ParleyQueue

@Suite("Segments")
struct SegmentTests {
    @Test("Findings of sealed outcomes are those of the rows; what is in flight or dead is not sealed")
    func sameFindings() async throws {
        let fixture = try await QueueFixture()
        let round = try await fixture.submit(testRound(models: ["m", "n"], samples: 1500, concurrency: 10_000)).round
        let queue = fixture.coordinator
        let worker = try await fixture.worker()
        var jobs: [ClaimedJob] = []
        while case let more = try await worker.claim(limit: 1000), !more.isEmpty { jobs += more }
        #expect(jobs.count == 3000)
        func commit(_ jobs: [ClaimedJob]) async throws {
            _ = try await worker.commit(
                jobs.map { job in
                    let number = Int64(job.sample)
                    let isRefused = job.sample % 7 == 0
                    return Commit(
                        key: job.key,
                        kind: isRefused ? .refused : .scored,
                        score: isRefused ? nil : Score(billionths: number % 3 * 500_000_000),
                        usage: Usage(input: number, output: 3, cacheRead: number % 5, reasoning: 1),
                        cost: Money(billionths: number * 1_000_003),
                        latencyMicros: number * number,
                        modelReturned: job.cell == 0 ? "m-1" : "n-\(number % 2)"
                    )
                }
            )
        }
        func findings() async throws -> String { try JSONValue(encoding: await queue.findings(round: round)).canonical }

        #expect(try await queue.seal(round: round) == nil, "nothing is finished")
        try await commit(jobs.dropLast())
        let before = try await findings()
        #expect(try await queue.seal(round: round) == 1500, "the other cell has a job in flight")
        #expect(try await queue.segments(round: round).count == 1)
        #expect(try await findings() == before)

        let last = try #require(jobs.last)
        let failure = FailedAttempt(key: last.key, failureClass: .serverError, message: "500", usage: Usage())
        _ = try await worker.fail([failure])
        #expect(try await queue.seal(round: round) == nil, "a job waits")
        try await fixture.setClock(seconds: 1000)
        let again = try await worker.claim(limit: 1)
        #expect(again.map(\.id) == [last.id])
        try await commit(again)
        #expect(try await queue.seal(round: round) == 1500)
        #expect(try await queue.seal(round: round) == nil, "all is sealed")
        let sealed = try await findings()
        try await fixture.admin.execute(script: "delete from parley.segments")
        #expect(try await findings() == sealed)
        #expect(sealed != before)
    }

    @Test("Two rounds compared from segments are what their rows say")
    func compared() async throws {
        let fixture = try await QueueFixture()
        let queue = fixture.coordinator
        var rounds: [RoundID] = []
        for name in ["spring", "autumn"] {
            let definition = testRound(name: RoundName(name), models: ["m", "n"], samples: 1200, concurrency: 10_000)
            rounds.append(try await fixture.submit(definition).round)
        }
        let worker = try await fixture.worker()
        while case let jobs = try await worker.claim(limit: 1000), !jobs.isEmpty {
            _ = try await worker.commit(
                jobs.map { job in
                    let isRight = (job.sample + job.cell) % (job.round == rounds[0] ? 3 : 4) == 0
                    return Commit(
                        key: job.key,
                        kind: .scored,
                        score: isRight ? .one : Score(billionths: 0),
                        usage: Usage()
                    )
                }
            )
        }
        func compared() async throws -> RoundComparisonDocument {
            try await comparison(
                earlier: queue.locate("spring"),
                later: queue.locate("autumn"),
                relevantDifference: 0.05
            )
        }
        let before = try await compared()
        #expect(before.changes.allSatisfy { $0.verdict == "regressed" && $0.anchorSamples == 1200 })
        for round in rounds { while try await queue.seal(round: round) != nil {} }
        #expect(try await queue.segments(round: rounds[0]).count == 2)
        #expect(try await compared() == before)
    }

    @Test("A segment that does not have its hash is an error")
    func damage() async throws {
        let fixture = try await QueueFixture()
        let round = try await fixture.submit(testRound(samples: 1100)).round
        let worker = try await fixture.worker()
        while case let jobs = try await worker.claim(limit: 1000), !jobs.isEmpty { try await worker.commitScored(jobs) }
        #expect(try await fixture.coordinator.seal(round: round) == 1100)
        try await fixture.admin.execute(script: "update parley.segments set content = content || '\\x00'")
        await #expect(throws: ParleyFailure.self) { try await fixture.coordinator.findings(round: round) }
    }

    @Test("Pages leave out what is sealed and nothing else, whatever their size")
    func pages() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<300 {
            let range = Int64(10)..<Int64.random(in: 10...90, using: &generator)
            var gaps: [Range<Int64>] = []
            var start = Int64.random(in: 0...20, using: &generator)
            while start < 100 {
                let end = start + Int64.random(in: 1...15, using: &generator)
                gaps.append(start..<end)
                start = end + Int64.random(in: 0...15, using: &generator)
            }
            let size = Int64.random(in: 1...20, using: &generator)
            let pages = range.pages(without: gaps, size: size)
            #expect(pages.allSatisfy { !$0.isEmpty && $0.count <= size }, "\(range) \(gaps) \(size)")
            let left = range.filter { number in !gaps.contains { $0.contains(number) } }
            #expect(pages.flatMap { Array($0) } == left, "\(range) \(gaps) \(size)")
        }
    }
}
