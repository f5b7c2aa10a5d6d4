// Which jobs a claim gives, to whom, in which order; limits and blocks.

import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTestSupport
import Testing

@Suite("Claim")
struct ClaimTests {
    @Test("Workers that claim at once never exceed an account's limit and never share a job")
    func concurrencyLimit() async throws {
        let fixture = try await QueueFixture()
        try await fixture.submit(testRound(models: ["m", "n"], samples: 60, concurrency: 7))
        let claims = try await withThrowingTaskGroup(of: [ClaimedJob].self) { group in
            for index in 0..<6 {
                group.addTask {
                    let worker = try await fixture.worker("w\(index)")
                    var mine: [ClaimedJob] = []
                    for _ in 0..<5 { mine += try await worker.claim(limit: 3) }
                    return mine
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(claims.count { $0.cell == 0 } == 7 && claims.count { $0.cell == 1 } == 7)
        #expect(Set(claims.map(\.id)).count == 14)
    }

    @Test("What is committed makes room; an expired lease makes room too")
    func room() async throws {
        let fixture = try await QueueFixture()
        try await fixture.submit(testRound(samples: 60, concurrency: 5))
        let worker = try await fixture.worker()
        let jobs = try await worker.claim(limit: 50)
        #expect(jobs.count == 5)
        try await worker.commitScored(Array(jobs.prefix(2)))
        #expect(try await worker.claim(limit: 50).count == 2)
        try await fixture.setClock(seconds: 61)
        let other = try await fixture.worker("other")
        #expect(try await other.claim(limit: 50).count == 5)
    }

    @Test("Cells advance together: an interrupted round has the same number of each, in the frozen order")
    func interleaving() async throws {
        let fixture = try await QueueFixture()
        try await fixture.submit(testRound(models: ["a", "b", "c", "d"], samples: 20))
        let worker = try await fixture.worker()
        var seen = [Int](repeating: 0, count: 4)
        for _ in 0..<10 {
            for job in try await worker.claim(limit: 4) {
                #expect(job.sample == seen[job.cell])
                seen[job.cell] += 1
            }
        }
        #expect(seen == [10, 10, 10, 10])
    }

    @Test("Grades go before probes, and rounds share what is left")
    func priorities() async throws {
        let fixture = try await QueueFixture()
        try await fixture.submit(testRound(samples: 8, judges: ["j"]))
        try await fixture.submit(testRound(name: "other", samples: 8))
        let worker = try await fixture.worker()
        let first = try await worker.claim(limit: 4)
        #expect(Set(first.map(\.round)).count == 2)
        let probes = first.filter { $0.round == RoundID(1) }
        _ = try await worker.commit(probes.map { Commit(key: $0.key, kind: .answered, transcript: [1]) })
        let second = try await worker.claim(limit: probes.count)
        #expect(second.allSatisfy { $0.stage == .grade })
    }

    @Test("A stream that asks for tags is given only to workers that have them all")
    func tags() async throws {
        let fixture = try await QueueFixture()
        try await fixture.submit(testRound(models: ["m", "n"], samples: 2), tags: ["m": ["inside", "gpu"]])
        let plain = try await fixture.worker("plain", tags: ["gpu"])
        let inside = try await fixture.worker("inside", tags: ["gpu", "inside", "more"])
        #expect(try await plain.claim(limit: 10).map(\.cell) == [1, 1])
        #expect(try await inside.claim(limit: 10).map(\.cell) == [0, 0])
    }

    @Test("A paused stream gives nothing")
    func paused() async throws {
        let fixture = try await QueueFixture()
        let round = try await fixture.submit(testRound()).round
        let operatorOnDuty = CoordinatorQueue.Authority(actor: "olga", reason: "maintenance")
        #expect(try await fixture.coordinator.control(.pause, round, by: operatorOnDuty).streams == 1)
        let worker = try await fixture.worker()
        #expect(try await worker.claim(limit: 10) == [])
        #expect(
            try await fixture.coordinator.control(.resume, round, RoundPart(model: "m"), by: operatorOnDuty).streams
                == 1
        )
        #expect(try await worker.claim(limit: 10).count == 4)
    }

    @Test("What comes back is found before what is fresh, wherever the cursor stands")
    func returned() async throws {
        let fixture = try await QueueFixture()
        let round = try await fixture.submit(testRound(samples: 30)).round
        let worker = try await fixture.worker()
        let open = try await worker.claim(limit: 15)
        try await worker.release([open[0].key])
        _ = try await worker.fail([FailedAttempt(key: open[1].key, failureClass: .timeout, message: "")])
        try await fixture.setClock(seconds: 30)
        let back = try await worker.claim(limit: 2)
        #expect(Set(back.map(\.id)) == [open[0].id, open[1].id])
        let rest = try await worker.claim(limit: 100)
        #expect(rest.map(\.sample) == Array(15..<30))
        try await worker.commitScored(Array(open.dropFirst(2)) + back + rest)
        #expect(try await fixture.coordinator.finishIfDone(round) == .finished(unruled: 0))
    }

    @Test("A finished round keeps one block a stream, and no job of it can be claimed again")
    func finished() async throws {
        let fixture = try await QueueFixture()
        let round = try await fixture.submit(testRound(models: ["m", "n"], samples: 500)).round
        let worker = try await fixture.worker()
        for _ in 0..<20 { try await worker.commitScored(try await worker.claim(limit: 100)) }
        #expect(try await fixture.count("select count(*) from parley.blocks") > 10)
        #expect(try await fixture.coordinator.finishIfDone(round) == .finished(unruled: 0))
        #expect(try await fixture.count("select count(*) from parley.blocks") == 2)
        let cursors =
            "select count(*) from parley.streams s where parley.stream_cursor(s.base, s.base + 500) = s.base + 500"
        #expect(try await fixture.count(cursors) == 2)
        #expect(try await worker.claim(limit: 100) == [])
    }

    @Test("A claim that is rolled back has taken nothing")
    func aborted() async throws {
        let fixture = try await QueueFixture()
        try await fixture.submit(testRound(samples: 100))
        let worker = try await fixture.worker()
        let session = try await fixture.database.connect(role: QueueFixture.workerLogin)
        try await session.execute(
            script: "begin; select * from parley.claim(\(worker.worker), array[1], array[70]); rollback"
        )
        await session.close()
        #expect(try await worker.claim(limit: 1000).map(\.sample) == Array(0..<100))
    }

    @Test("Blocks of any size give each job once, up to the end of the stream", arguments: [1, 61, 62, 63, 124, 1000])
    func blocks(_ size: Int) async throws {
        let fixture = try await QueueFixture()
        try await fixture.submit(testRound(samples: 150, epochs: 2))
        let worker = try await fixture.worker()
        var seen: [JobID] = []
        while true {
            let jobs = try await worker.claim(limit: size)
            if jobs.isEmpty { break }
            #expect(try await worker.commitScored(jobs).allSatisfy { $0 == .committed })
            seen += jobs.map(\.id)
        }
        #expect(seen.count == 300 && Set(seen).count == 300)
        #expect(try await fixture.count("select count(*) from parley.outcomes") == 300)
        #expect(try await fixture.count("select count(*) from parley.blocks where open <> 0") == 0)
    }

    @Test("Claims of no size or no length are refused")
    func arguments() async throws {
        let fixture = try await QueueFixture()
        let worker = try await fixture.worker()
        await #expect(throws: PostgresError.self) { _ = try await worker.claim(limit: 0) }
        let state = try await sqlState { _ = try await fixture.worker(lease: .milliseconds(1)) }
        #expect(state == "22023")
        let session = try await fixture.database.connect(role: QueueFixture.workerLogin)
        for arrays in ["array[1], array[0]", "array[1], array[1, 2]", "array[1], array[null::integer]"] {
            let sql = "select * from parley.claim(\(worker.worker), \(arrays))"
            #expect(try await sqlState { try await session.execute(script: sql) } == "22023", "\(arrays)")
        }
        await session.close()
    }
}
