// Transactions: atomic, and closed to other tasks.

import ParleyPostgres
import ParleyTestSupport
import Testing

private struct Refusal: Error {}

@Suite("Transactions")
struct TransactionTests {
    @Test("a body that throws leaves nothing behind")
    func rollback() async throws {
        let connection = try await TestDatabase.fresh().connect()
        try await connection.execute(script: "create table t (a bigint)")
        await #expect(throws: Refusal.self) {
            try await connection.transaction { connection in
                _ = try await connection.query("insert into t values (1)")
                throw Refusal()
            }
        }
        #expect(try await connection.query("select * from t").isEmpty)
        let count = try await connection.transaction { connection in
            try await connection.query("insert into t values (1), (2)").affectedRows
        }
        #expect(count == 2)
        #expect(try await connection.query("select * from t").count == 2)
        await connection.close()
    }

    @Test("a failed statement that the body swallows is not taken for a commit")
    func swallowed() async throws {
        let connection = try await TestDatabase.fresh().connect()
        let error = await #expect(throws: PostgresError.self) {
            try await connection.transaction { connection in _ = try? await connection.query("select 1/0") }
        }
        #expect(error?.kind == .usage)
        #expect(await !connection.isInTransaction)
        await connection.close()
    }

    @Test("statements of other tasks wait until the transaction has ended")
    func noInterleaving() async throws {
        let connection = try await TestDatabase.fresh().connect()
        try await connection.execute(script: "create table t (id bigserial, task int)")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    try await connection.transaction { connection in
                        for _ in 0..<5 {
                            _ = try await connection.query("insert into t (task) values ($1)", [.int32(Int32(task))])
                            await Task.yield()
                        }
                    }
                }
                group.addTask { _ = try await connection.query("insert into t (task) values (100)") }
            }
            try await group.waitForAll()
        }
        let rows = try await connection.query("select task, xmin::text as x from t order by id")
        let tasks = try rows.map { try $0.int32("task") }
        var index = 0
        while index < tasks.count {
            let run = tasks[index] == 100 ? 1 : 5
            #expect(Set(tasks[index..<(index + run)]).count == 1, "\(tasks)")
            index += run
        }
        #expect(tasks.count == 48)
        await connection.close()
    }

    @Test("a child task of the body belongs to the transaction; nesting is refused")
    func children() async throws {
        let connection = try await TestDatabase.fresh().connect()
        try await connection.transaction { connection in
            async let row = connection.query("select 1 as n")
            let number = try await row.only().int32("n")
            #expect(number == 1)
            await #expect(throws: PostgresError.self) { try await connection.transaction { _ in } }
        }
        await connection.close()
    }

    @Test("a task that is cancelled while it waits its turn leaves the queue")
    func cancelledWaiter() async throws {
        let connection = try await TestDatabase.fresh().connect()
        try await connection.transaction { connection in
            let waiting = Task.detached { try await connection.query("select 1") }
            waiting.cancel()
            let error = await #expect(throws: PostgresError.self) { try await waiting.value }
            #expect(error?.kind == .cancelled)
        }
        #expect(try await connection.query("select 1").count == 1)
        await connection.close()
    }
}
