// Batches in one round trip.

import ParleyPostgres
import ParleyTestSupport
import Testing

@Suite("Pipelines")
struct PipelineTests {
    @Test("results come in the order of the batch, large batches included")
    func order() async throws {
        let connection = try await TestDatabase.fresh().connect()
        let text = String(repeating: "x", count: 2000)
        let batch = (0..<3000).map {
            PostgresConnection.Statement("select $1 as n, $2 as t", [.int64($0), .text(text)])
        }
        let results = try await connection.pipeline(batch)
        #expect(try results.map { try $0.only().int64("n") } == Array(0..<3000))
        await connection.close()
    }

    @Test("an error in the middle undoes the batch and names the statement; the connection goes on")
    func errorInTheMiddle() async throws {
        let connection = try await TestDatabase.fresh().connect()
        try await connection.execute(script: "create table t (a bigint check (a <> 2))")
        let batch = (0..<5).map { PostgresConnection.Statement("insert into t values ($1)", [.int64($0)]) }
        let error = await #expect(throws: PostgresError.self) { try await connection.pipeline(batch) }
        #expect(error?.sqlState == "23514")
        #expect(error?.report?.statementIndex == 2)
        #expect(try await connection.query("select * from t").isEmpty)
        #expect(try await connection.pipeline([.init("select 1"), .init("select 2")]).count == 2)
        await connection.close()
    }
}
