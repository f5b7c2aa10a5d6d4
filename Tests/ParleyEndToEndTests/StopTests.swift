// How a worker is told to stop and to take less while its provider keeps it waiting: nothing is lost, nothing is blamed,
// and it ends in time.

import Foundation
import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTestSupport
import Testing

@Suite("Stopping a worker") struct StopTests {
    private let place: Workplace
    private let database: TestDatabase
    private let owner: PostgresConnection
    private let logins: (coordinator: String, worker: String)
    private let simulator: ParleyProcess
    private let address: String

    init() async throws {
        place = try Workplace(samples: 60, latency: "600s")
        database = try await TestDatabase.fresh(migrations: QueueSchema.migrations)
        owner = try await database.connect()
        logins = try await database.daemonLogins(owner)
        let submitted = try ParleyProcess.run([
            "submit", place.round, "--simulated", "--database", logins.coordinator,
        ])
        try #require(submitted.code == 0, "\(submitted.errors)")
        simulator = try ParleyProcess(["simulate", "--round", place.round, "--port", "0"])
        address = simulator.simulatorAddress()
    }

    private static var hardFileLimit: UInt64 {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return UInt64(limit.rlim_max)
    }

    private func worker(_ arguments: [String]) throws -> ParleyProcess {
        try ParleyProcess(
            [
                "worker", "--database", logins.worker, "--simulator", address,
                "--pool", "slow",
            ] + arguments
        )
    }

    private func tell(_ arguments: [String]) throws -> ParleyProcess.Ended {
        try ParleyProcess.run(arguments + ["--database", logins.coordinator])
    }

    private func wait(until count: Int64) async throws {
        while try await owner.heldJobs() != count { await Task.yield() }
    }

    @Test("What is in flight when its time is over is given back, and no attempt is spent", arguments: ["1s", "600s"])
    func stop(time: String) async throws {
        let worker = try worker(["--concurrency", "5", "--stop-within", time])
        try await wait(until: 5)
        worker.signal(SIGTERM)
        // The second signal does not wait for a time of ten minutes.
        if time == "600s" {
            try await wait(until: 5)
            while !worker.errorsSoFar.contains("stopping") { await Task.yield() }
            worker.signal(SIGTERM)
        }
        let ended = worker.end()
        #expect(ended.code == 0, "\(ended.errors)")
        #expect(try await owner.heldJobs() == 0)
        let attempts = try await owner.query("select class, disposition from parley.attempts")
        #expect(try attempts.allSatisfy { try $0.text("disposition") == "released" })
        let row = try await owner.query("select coalesce(max(attempt), 0) as n from parley.jobs").only()
        #expect(try row.int32("n") == 0)
    }

    @Test("Its pool is told to take more, then drained at once; both are events with who and why")
    func pool() async throws {
        let worker = try worker(["--concurrency", "1"])
        try await wait(until: 1)
        let more = try tell(["pool", "set", "slow", "--concurrency", "4", "--because", "room"])
        #expect(more.output == "Pool 'slow' (1 worker) takes 4 jobs at a time.\n", "\(more.errors)")
        try await wait(until: 4)
        let list = try JSONValue(parsing: tell(["pool", "list", "--json"]).output)
        let slow = try #require(list["pools"]?.array?.first { $0["pool"]?.string == "slow" })
        #expect(slow["concurrency"]?.integer == 4 && slow["workers"]?.array?.count == 1)
        let drained = try tell(["pool", "drain", "slow", "--now", "--because", "new kernel"])
        #expect(drained.output == "Pool 'slow' (1 worker) drains. 4 jobs in flight were taken back.\n")
        #expect(worker.end().code == 0)
        let events = try JSONValue(parsing: tell(["events", "--json"]).output).array ?? []
        let whys = events.filter { $0["subject"]?.string == "pool slow" }.map { $0["why"]?.string }
        #expect(whys == ["new kernel", "4 in flight: room"])
        // A worker that joins a drained pool ends at once.
        #expect(try self.worker([]).end().code == 0)
        let status = try JSONValue(parsing: tell(["status", "sums", "--json"]).output)
        let unserved = try #require(status["rounds"]?.array?.first?["unserved"]?.array?.first)
        #expect(unserved["jobs"]?.integer == 240 && unserved["lacks"] == nil)
    }

    @Test(
        "Too few open files for what it is to take is an error that says what to do",
        .enabled(if: hardFileLimit < 100_000, "this host allows more files than a worker can take jobs")
    )
    func files() throws {
        let ended = try worker(["--concurrency", "100000"]).end()
        #expect(ended.code == 2 && ended.errors.contains("LimitNOFILE="), "\(ended.errors)")
    }
}
