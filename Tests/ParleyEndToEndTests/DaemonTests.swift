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

    @Test("A worker whose results were refused for a while goes on when they are taken again")
    func refusedResults() async throws {
        let place = try Workplace(samples: 20, latency: "30ms")
        let database = try await TestDatabase.fresh(migrations: QueueSchema.migrations)
        let owner = try await database.connect()
        let (coordinator, worker) = try await database.daemonLogins(owner)
        _ = try ParleyProcess.run(["submit", place.round, "--simulated", "--database", coordinator])
        let simulator = try ParleyProcess(["simulate", "--round", place.round, "--port", "0"])
        let daemon = try ParleyProcess(["coordinator", "--database", coordinator])
        let process = try ParleyProcess([
            "worker", "--database", worker, "--lease", "3", "--concurrency", "2", "--simulator",
            simulator.simulatorAddress(),
        ])
        try await Self.wait(for: 10, owner, by: process)
        try await Self.change("revoke execute on function %s from parley_worker", owner)
        // As many as it may have in flight, and more.
        while process.isRunning, process.errorsSoFar.split(separator: "could not be recorded").count < 4 {
            await Task.yield()
        }
        try await Self.change("grant execute on function %s to parley_worker", owner)
        try await Self.wait(for: 80, owner, by: process)
        for process in [process, daemon, simulator] {
            process.signal(SIGTERM)
            #expect(process.end().code == 0)
        }
        await owner.close()
    }

    @Test("No slot waits for a result to be recorded; where the database takes none, only so many pile up")
    func slowCommits() async throws {
        let place = try Workplace(samples: 20, latency: "10ms")
        let database = try await TestDatabase.fresh(migrations: QueueSchema.migrations)
        let owner = try await database.connect()
        let (coordinator, worker) = try await database.daemonLogins(owner)
        _ = try ParleyProcess.run(["submit", place.round, "--simulated", "--database", coordinator])
        // Claims go on, commits wait.
        try await owner.execute(script: "begin; lock table parley.outcomes in share mode")
        let simulator = try ParleyProcess(["simulate", "--round", place.round, "--port", "0"])
        let process = try ParleyProcess([
            "worker", "--database", worker, "--concurrency", "2", "--simulator", simulator.simulatorAddress(),
        ])
        // Two slots, and the 16 results that may wait.
        var held: Int64 = 0
        while held < 16 {
            try #require(process.isRunning, "\(process.errorsSoFar)")
            held = try await owner.heldJobs()
        }
        // Time for more than there may be.
        try await Task.sleep(for: .seconds(1))
        held = try await owner.heldJobs()
        #expect((16...18).contains(held), "\(held)")
        try await owner.execute(script: "commit")
        try await Self.wait(for: 80, owner, by: process)
        for process in [process, simulator] {
            process.signal(SIGTERM)
            #expect(process.end().code == 0)
        }
        #expect(try await owner.query("select count(*) from parley.attempts").only().int64(0) == 0)
        await owner.close()
    }

    private static func change(_ rights: String, _ connection: PostgresConnection) async throws {
        try await connection.execute(
            script: """
                do $$ begin execute format('\(rights)', (
                    select oid::regprocedure from pg_proc
                    where proname = 'commit' and pronamespace = 'parley'::regnamespace));
                end $$
                """
        )
    }

    /// Waits until so many outcomes stand; the test's time limit ends a wait that has no end.
    /// - Parameter process: without which there will be none
    private static func wait(
        for count: Int64,
        _ connection: PostgresConnection,
        by process: ParleyProcess? = nil
    ) async throws {
        while try await connection.query("select count(*) from parley.outcomes").only().int64(0) < count {
            if let process { try #require(process.isRunning, "\(process.errorsSoFar)") }
            await Task.yield()
        }
    }
}
