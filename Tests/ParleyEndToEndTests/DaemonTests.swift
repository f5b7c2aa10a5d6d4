// The same work as separate daemons over one shared database, under the roles that own nothing: a coordinator, two
// workers of which one drains and one is killed, and a third that finishes.

import Foundation
import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTestSupport
import Testing

@Suite("Daemons") struct DaemonTests {
    @Test("Workers share a round; one that drains and one that is killed lose nothing")
    func sharedRound() async throws {
        let place = try Workplace(samples: 60, latency: "30ms")
        let database = try await TestDatabase.fresh(migrations: QueueSchema.migrations)
        let owner = try await database.connect()
        let (coordinator, worker) = try await database.daemonLogins(owner)
        let submitted = try ParleyProcess.run([
            "submit", place.round, "--simulated", "--database", coordinator, "--json",
        ])
        #expect(try JSONValue(parsing: submitted.output)["enqueued"]?.integer == 240, "\(submitted.errors)")

        let simulator = try ParleyProcess(["simulate", "--round", place.round, "--port", "0"])
        let address = simulator.simulatorAddress()
        let daemon = try ParleyProcess(["coordinator", "--database", coordinator])
        let start = { (name: String) in
            try ParleyProcess([
                "worker", "--database", worker, "--name", name, "--lease", "3", "--concurrency", "2", "--simulator",
                address,
            ])
        }
        let drained = try start("drained")
        let killed = try start("killed")
        try await Self.wait(for: 30, owner)
        drained.signal(SIGTERM)
        #expect(drained.end().code == 0)
        killed.signal(SIGKILL)
        _ = killed.end()
        let finisher = try start("finisher")
        try await Self.wait(for: 240, owner)
        finisher.signal(SIGTERM)
        #expect(finisher.end().code == 0)
        for process in [daemon, simulator] {
            process.signal(SIGTERM)
            #expect(process.end().code == 0)
        }

        let row = try await owner.query(
            "select count(*) as n, count(distinct job_id) as jobs, count(distinct worker_id) as workers from parley.outcomes"
        ).only()
        #expect(try row.int64("n") == 240 && row.int64("jobs") == 240)
        #expect(try row.int64("workers") == 3)
        let lost = try await owner.query("select class from parley.attempts")
        #expect(try lost.allSatisfy { try $0.text(0) == "worker_lost" }, "a drained worker leaves no failed attempt")
        await owner.close()
    }

    /// Waits until so many outcomes stand; the test's time limit ends a wait that has no end.
    private static func wait(for count: Int64, _ connection: PostgresConnection) async throws {
        while try await connection.query("select count(*) from parley.outcomes").only().int64(0) < count {
            await Task.yield()
        }
    }
}
