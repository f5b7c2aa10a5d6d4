// A standby cancels what holds up its replay: a read is asked again, and one that never gets through says so.

import ParleyModel
import ParleyPostgres
import ParleyTestSupport
import Testing

@testable import ParleyQueue

@Suite("Reads of a standby") struct StandbyConflictTests {
    @Test("A read that replay cancels is asked again")
    func cancelled() async throws {
        let primary = TestCluster.makePrivate()
        try await primary.start()
        let writer = try await PostgresConnection.connect(primary.configuration)
        try await writer.execute(script: "create table rows as select generate_series(1, 1000) as n")
        let standby = try await TestCluster.standby(of: primary, settings: [("max_standby_streaming_delay", "0")])
        let queue = CoordinatorQueue(pool: PostgresPool(standby.configuration))
        let watcher = try await PostgresConnection.connect(standby.configuration)
        async let removed: Void = {
            // Once the read has its snapshot, what it may still see is removed.
            while try await watcher.query(
                "select from pg_stat_activity where query like 'select pg_sleep%' and state = 'active'"
            ).isEmpty { await Task.yield() }
            try await writer.execute(script: "delete from rows")
            try await writer.execute(script: "vacuum rows")
        }()
        var asked = 0
        try await queue.readOnly { connection in
            asked += 1
            if asked == 1 { _ = try await connection.query("select pg_sleep(60)") }
        }
        try await removed
        #expect(asked == 2)
        for connection in [writer, watcher] { await connection.close() }
        await standby.stop()
        await primary.stop()
    }

    @Test("A read that is cancelled each time says what to set")
    func hopeless() async throws {
        let fixture = try await QueueFixture()
        var asked = 0
        await #expect {
            try await fixture.coordinator.readOnly { connection in
                asked += 1
                try await connection.execute(
                    script: "do $$ begin raise exception 'conflict with recovery' using errcode = '40001'; end $$"
                )
            }
        } throws: { error in
            (error as? ParleyFailure)?.remedy?.contains("hot_standby_feedback") == true
        }
        #expect(asked == 5)
    }
}
