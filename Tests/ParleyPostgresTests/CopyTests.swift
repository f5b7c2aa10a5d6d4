// COPY in both directions, with more rows than fit one chunk.

import ParleyPostgres
import ParleyTestSupport
import Testing

private struct Refusal: Error {}

@Suite("COPY")
struct CopyTests {
    static let rows = 100_000

    private func filled() async throws -> PostgresConnection {
        let connection = try await TestDatabase.fresh().connect()
        try await connection.execute(script: "create table t (a bigint, b text)")
        var next = 0
        var writer = BinaryCopyWriter()
        let count = try await connection.copyIn("copy t from stdin (format binary)") {
            if next > Self.rows { return nil }
            let end = min(Self.rows, next + 3000)
            while next < end {
                writer.row([.int64(Int64(next)), next % 7 == 0 ? .null(.text) : .text("row \(next)")])
                next += 1
            }
            if next == Self.rows {
                writer.finish()
                next += 1
            }
            return writer.take()
        }
        #expect(count == Self.rows)
        return connection
    }

    @Test("100,000 rows go in and come out as they were")
    func bothWays() async throws {
        let connection = try await filled()
        let check = try await connection.query("select sum(a)::bigint s, count(b) n from t").only()
        #expect(try check.int64("s") == Int64(Self.rows) * Int64(Self.rows - 1) / 2)
        #expect(try check.int64("n") == Int64(Self.rows - (Self.rows + 6) / 7))
        var reader = BinaryCopyReader()
        var seen = 0
        var wrong = 0
        var chunks = 0
        try await connection.copyOut("copy (select * from t order by a) to stdout (format binary)") { chunk in
            chunks += 1
            try reader.forEachRow(chunk) { row in
                let expected = seen % 7 == 0 ? nil : Array("row \(seen)".utf8)
                let number = try row.int64()
                // Every third row is not read to its end.
                if number != seen { wrong += 1 }
                if seen % 3 > 0, try row.bytesOrNil().map(Array.init) != expected { wrong += 1 }
                seen += 1
            }
        }
        #expect(seen == Self.rows)
        #expect(wrong == 0)
        #expect(chunks > 10)
        await connection.close()
    }

    @Test("a producer that throws leaves no rows, a consumer that throws ends the copy; the connection goes on")
    func failures() async throws {
        let connection = try await filled()
        var sent = false
        await #expect(throws: Refusal.self) {
            try await connection.copyIn("copy t from stdin (format binary)") {
                if sent { throw Refusal() }
                sent = true
                var writer = BinaryCopyWriter()
                writer.row([.int64(-1), .text("lost")])
                return writer.take()
            }
        }
        await #expect(throws: Refusal.self) {
            try await connection.copyOut("copy t to stdout (format binary)") { _ in throw Refusal() }
        }
        #expect(try await connection.query("select count(*) n from t").only().int64("n") == Int64(Self.rows))
        let error = await #expect(throws: PostgresError.self) {
            try await connection.copyIn("copy absent from stdin") { nil }
        }
        #expect(error?.sqlState == "42P01")
        #expect(try await connection.query("select 1").count == 1)
        await connection.close()
    }
}
