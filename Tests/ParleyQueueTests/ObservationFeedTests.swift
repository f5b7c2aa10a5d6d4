// The feed against reading everything: after any sequence of what can happen to jobs, what was fed is what is there.

import ParleyModel
import ParleyPostgres
import ParleyTestSupport
import Testing

@testable import ParleyQueue

@Suite("Observation feed")
struct ObservationFeedTests {
    /// A reader that keeps what it was fed.
    private struct Reader {
        var feed: ObservationFeed
        var known: [JobID: Observation] = [:]

        mutating func look(_ queue: CoordinatorQueue) async throws -> Int {
            let changes = try await feed.changes(from: queue)
            for change in changes {
                switch change {
                case .observed(let observation): known[observation.job] = observation
                case .withdrawn(let observation):
                    #expect(known.removeValue(forKey: observation.job) == observation)
                }
            }
            return changes.count
        }
    }

    @Test("What is fed is what is there, whatever happens to the jobs", arguments: 1...4)
    func everything(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let fixture = try await QueueFixture()
        let round = try await fixture.submit(testRound(models: ["m", "n"], samples: 90, epochs: 2)).round
        // The first failure is the last.
        try await fixture.admin.execute(script: "update parley.settings set max_identical = 1")
        let workers = [try await fixture.worker("a"), try await fixture.worker("b")]
        var held: [[ClaimedJob]] = [[], []]
        var reader = Reader(feed: ObservationFeed(round: round))
        for step in 0..<60 {
            let who = Int.random(in: 0...1, using: &generator)
            held[who].shuffle(using: &generator)
            let some = Array(held[who].prefix(Int.random(in: 0...25, using: &generator)))
            switch Int.random(in: 0..<8, using: &generator) {
            case 0...2: held[who] += try await workers[who].claim(limit: Int.random(in: 1...70, using: &generator))
            case 3, 4:
                try await workers[who].commitScored(some)
                held[who].removeFirst(some.count)
            case 5:
                _ = try await workers[who].fail(
                    some.map { FailedAttempt(key: $0.key, failureClass: .invalidRequest, message: "no") }
                )
                held[who].removeFirst(some.count)
            case 6:
                let dead = try await fixture.coordinator.deadJobs(round: round).shuffled(using: &generator)
                let ruling = Ruling.allCases[Int.random(in: 0...2, using: &generator)]
                try await fixture.coordinator.rule(
                    ruling,
                    on: dead.prefix(5).map(\.job),
                    round: round,
                    by: .init(actor: "test")
                )
            default: try await fixture.setClock(seconds: step * 400)
            }
            _ = try await reader.look(fixture.coordinator)
            let all = try await fixture.observations(round, pageSize: 1 << 16)
            #expect(reader.known.values.sorted { $0.job < $1.job } == all, "seed \(seed), step \(step)")
            #expect(try await reader.look(fixture.coordinator) == 0, "seed \(seed), step \(step): said twice")
        }
        #expect(!reader.known.isEmpty)
    }

    @Test("A transaction that commits after later ones is not missed")
    func late() async throws {
        let fixture = try await QueueFixture()
        let round = try await fixture.submit(testRound(samples: 10)).round
        let worker = try await fixture.worker()
        let jobs = try await worker.claim(limit: 10)
        let slow = try await fixture.database.connect()
        try await slow.execute(
            script: """
                begin;
                update parley.blocks set open = open & ~1::bigint;
                insert into parley.outcomes (round_id, job_id, cell_no, stage, sample_no, epoch, kind, score,
                    input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, cost,
                    latency_micros, attempt, fence, worker_id, first_claimed_at, completed_at)
                values (\(round.rawValue), \(jobs[0].id.rawValue), 0, 0, 0, 1, 0, 1000000000, 0, 0, 0, 0, 0, 0, 0, 1,
                    1, 1, now(), now())
                """
        )
        var reader = Reader(feed: ObservationFeed(round: round))
        #expect(try await reader.look(fixture.coordinator) == 0)
        // Another's outcome, recorded and read before the first one is there.
        let other = try await fixture.database.connect()
        try await other.execute(
            script: """
                insert into parley.outcomes
                select round_id, \(jobs[7].id.rawValue), 0, 0, null, 7, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, null, 1, 1, 1,
                    now(), now(), null
                from (values (\(round.rawValue)::bigint)) g (round_id)
                """
        )
        #expect(try await reader.look(fixture.coordinator) == 1)
        try await slow.execute(script: "commit")
        #expect(try await reader.look(fixture.coordinator) == 1)
        #expect(reader.known.keys.sorted() == [jobs[0].id, jobs[7].id])
    }

    @Test("Ranges without numbers, shared ranges and batches agree with sets of numbers")
    func ranges() {
        var generator = SeededGenerator(seed: 3)
        func draw() -> [Range<Int64>] {
            var ranges: [Range<Int64>] = []
            var start = Int64.random(in: 0...9, using: &generator)
            while start < 100 {
                let end = start + Int64.random(in: 1...12, using: &generator)
                ranges.append(start..<end)
                start = end + Int64.random(in: 1...12, using: &generator)
            }
            return ranges
        }
        func numbers(_ ranges: [Range<Int64>]) -> [Int64] { ranges.flatMap { Array($0) } }
        for _ in 0..<400 {
            let (one, two) = (draw(), draw())
            #expect(numbers(one.intersection(two)) == numbers(one).filter(Set(numbers(two)).contains), "\(one) \(two)")
            let gone = (Int64(0)..<120).filter { _ in Bool.random(using: &generator) }
            let left = one.without(gone)
            #expect(left.allSatisfy { !$0.isEmpty })
            #expect(numbers(left) == numbers(one).filter { !Set(gone).contains($0) }, "\(one) \(gone)")
            let size = Int64.random(in: 1...30, using: &generator)
            let batches = one.batches(of: size)
            #expect(batches.flatMap(numbers) == numbers(one))
            #expect(batches.allSatisfy { numbers($0).count <= size && !$0.isEmpty })
        }
    }
}
