// Live findings against findings from nothing, while a round runs and after it.

import ParleyCoordinator
import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTestSupport
import Testing

@Suite("Live findings")
struct LiveFindingsTests {
    @Test("Live findings are those of a reduction from nothing, at any time", arguments: 1...3)
    func follow(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let fixture = try await QueueFixture()
        try await fixture.admin.execute(script: "update parley.settings set max_identical = 1")
        let definition = testRound(models: ["m", "n"], samples: 700, epochs: 2, concurrency: 10_000)
        let round = try await fixture.submit(definition).round
        let queue = fixture.coordinator
        let worker = try await fixture.worker()
        let live = try await LiveFindings.of(round, in: queue)
        var held: [ClaimedJob] = []
        func compare(_ live: LiveFindings, _ what: String) async throws {
            try await live.refresh()
            let document: FindingsDocument = try await queue.findings(round: round)
            var whole = document.cells
            let dead = try await queue.deadJobs(round: round)
            for cell in whole.indices {
                let own = dead.filter { $0.cell == cell }
                let failed = whole[cell].kinds[.failed, default: 0]
                #expect(
                    whole[cell].failures == (failed == 0 ? nil : ["invalid_request": failed]),
                    "seed \(seed), \(what)"
                )
                #expect(whole[cell].ruledOut ?? 0 == own.count { $0.ruling == .exclude }, "seed \(seed), \(what)")
                // Live records do not tell these.
                (whole[cell].failures, whole[cell].ruledOut) = (nil, nil)
            }
            #expect(try await live.records(complete: true) == whole, "seed \(seed), \(what)")
            var algebraic = whole
            for cell in algebraic.indices { algebraic[cell].latency = nil }
            #expect(try await live.records() == algebraic, "seed \(seed), \(what)")
        }
        for step in 0..<8 {
            held += try await worker.claim(limit: 400)
            held.shuffle(using: &generator)
            let some = Array(held.prefix(step == 7 ? held.count : 300))
            held.removeFirst(some.count)
            _ = try await worker.commit(
                some.dropFirst(5).map { job in
                    let score = Score(billionths: Int64.random(in: 0...2, using: &generator) * 500_000_000)
                    return Commit(
                        key: job.key,
                        kind: .scored,
                        score: score,
                        usage: Usage(input: 3, output: Int64.random(in: 0...99, using: &generator)),
                        cost: Money(billionths: 7),
                        latencyMicros: Int64.random(in: 0...9_999_999, using: &generator)
                    )
                }
            )
            _ = try await worker.fail(
                some.prefix(5).map { FailedAttempt(key: $0.key, failureClass: .invalidRequest, message: "no") }
            )
            let dead = try await queue.deadJobs(round: round).shuffled(using: &generator).prefix(3).map(\.job)
            let ruling = Ruling.allCases[Int.random(in: 0...2, using: &generator)]
            try await queue.rule(ruling, on: dead, round: round, by: .init(actor: "test"))
            if step == 4 { _ = try await queue.seal(round: round) }
            try await compare(live, "step \(step)")
        }
        _ = try await queue.seal(round: round)
        try await compare(try await LiveFindings.of(round, in: queue), "begun late, from what is sealed")
    }
}
