// What happens when a session or the whole server goes away.

import ParleyPostgres
import ParleyTestSupport
import Testing

@Suite("Losing the connection")
struct LossTests {
    @Test("a killed session throws connectionLost and stays unusable; its streams end")
    func killed() async throws {
        let database = try await TestDatabase.fresh()
        let connection = try await database.connect()
        let killer = try await database.connect()
        let notices = try await connection.listen("c")
        let process = await connection.backendProcess
        _ = try await killer.query("select pg_terminate_backend($1)", [.int32(process)])
        for await _ in notices {}
        let error = await #expect(throws: PostgresError.self) { try await connection.query("select 1") }
        #expect(error?.kind == .connectionLost)
        #expect(error?.retryClass == .connection)
        #expect(await !connection.isUsable)
        await killer.close()
    }

    @Test("a session killed during a statement throws connectionLost")
    func killedDuring() async throws {
        let database = try await TestDatabase.fresh()
        let connection = try await database.connect()
        let killer = try await database.connect()
        let task = Task { try await connection.query("select pg_sleep(601)") }
        try await killer.waitUntilActive("select pg_sleep(601)")
        _ = try await killer.query("select pg_terminate_backend($1, 10000)", [.int32(try await process(killer))])
        let error = await #expect(throws: PostgresError.self) { try await task.value }
        #expect(error?.kind == .connectionLost)
        await killer.close()
    }

    private func process(_ killer: PostgresConnection) async throws -> Int32 {
        try await killer.query("select pid from pg_stat_activity where query = 'select pg_sleep(601)'").only()
            .int32("pid")
    }

    @Test("the pool replaces a broken connection")
    func pool() async throws {
        let database = try await TestDatabase.fresh()
        let pool = PostgresPool(database.superuser, maximum: 1)
        let first = try await pool.withConnection { connection in
            let process = await connection.backendProcess
            _ = try? await connection.query("select pg_terminate_backend(pg_backend_pid())")
            return process
        }
        let second = try await pool.withConnection { await $0.backendProcess }
        #expect(first != second)
        await pool.close()
        await #expect(throws: PostgresError.self) { try await pool.query("select 1") }
    }

    @Test("more tasks than connections all get their turn")
    func contention() async throws {
        let pool = PostgresPool(try await TestDatabase.fresh().superuser, maximum: 3)
        let sum = try await withThrowingTaskGroup(of: Int64.self) { group in
            for index in 1...50 {
                group.addTask { try await pool.query("select $1 as n", [.int64(Int64(index))]).only().int64("n") }
            }
            return try await group.reduce(0, +)
        }
        #expect(sum == 1275)
        await pool.close()
    }

    @Test("a task that is cancelled while it waits for a connection stops waiting")
    func cancelled() async throws {
        let pool = PostgresPool(try await TestDatabase.fresh().superuser, maximum: 1)
        try await pool.withConnection { _ in
            let waiting = Task.detached { try await pool.query("select 1") }
            waiting.cancel()
            let error = await #expect(throws: PostgresError.self) { try await waiting.value }
            #expect(error?.kind == .cancelled)
        }
        #expect(try await pool.query("select 1").count == 1)
        await pool.close()
    }

    @Test("no server: the error is of kind connect and does not hold the password")
    func noServer() async throws {
        let configuration = try PostgresConfiguration("postgresql://u:s3cret@/db?host=/nowhere")
        let error = await #expect(throws: PostgresError.self) { try await PostgresConnection.connect(configuration) }
        #expect(error?.kind == .connect)
        #expect(error?.description.contains("s3cret") == false)
    }
}
