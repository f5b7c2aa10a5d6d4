// Statements against a real server: values there and back, errors by their SQLSTATE.

import ParleyPostgres
import ParleyTestSupport
import Testing

@Suite("Queries")
struct QueryTests {
    static let values: [PostgresValue] = [
        .bool(true), .bool(false), .int16(.min), .int16(.max), .int32(.min), .int32(.max), .int64(.min), .int64(.max),
        .float64(0.1), .float64(-0.0), .float64(.infinity), .float64(.leastNonzeroMagnitude), .text(""),
        .text("Grüße, 評価 🧪 ' \" \\ \n"), .bytea([]), .bytea(Array(0...255)),
        .uuid(high: 0x0123_4567_89ab_cdef, low: .max), .timestamptz(0), .timestamptz(1_764_000_000_123_456),
        .timestamptz(-1), .interval(microseconds: -90_061_000_001), .jsonb(Array(#"{"a": [1, null, "é"]}"#.utf8)),
        .boolArray([]), .boolArray([true, nil, false]), .int16Array([1, nil, -1]), .int32Array([.max, nil]),
        .int64Array([]), .int64Array([nil]), .int64Array([1, nil, .min]), .float64Array([0.5, nil, -1e300]),
        .textArray(["", nil, "a,{}\"b"]), .byteaArray([[], nil, [0, 255]]), .timestamptzArray([0, nil]),
        .jsonbArray([Array("1".utf8), nil]),
    ]

    @Test("every type comes back as it was sent")
    func roundTrip() async throws {
        let connection = try await TestDatabase.fresh().connect()
        for value in Self.values {
            let row = try await connection.query("select $1 as v", [value]).only()
            #expect(try row.value("v", like: value) == value, "\(value)")
        }
        await connection.close()
    }

    @Test("null of every type comes back as nil and is refused by the plain accessor")
    func nulls() async throws {
        let connection = try await TestDatabase.fresh().connect()
        for value in Self.values {
            let row = try await connection.query("select $1 as v", [.null(value.type)]).only()
            #expect(try row.isNull("v"))
            #expect(try row.int64OrNil("v") == nil)
            let error = #expect(throws: PostgresError.self) { try row.value("v", like: value) }
            #expect(error?.kind == .decode)
        }
        await connection.close()
    }

    @Test("the server reads our binary values as its own text does")
    func oracle() async throws {
        let connection = try await TestDatabase.fresh().connect()
        let row = try await connection.query(
            "select $1::timestamptz::text a, $2::interval::text b, $3::bigint[]::text c, $4::text[]::text d, $5::text e",
            [
                .timestamptz(1_000_000_000_000_001), .interval(microseconds: 90_061_000_001),
                .int64Array([1, nil, -3]), .textArray(["x y", nil]), .uuid(high: 1, low: 2),
            ]
        ).only()
        #expect(try row.text("a") == "2001-09-09 01:46:40.000001+00")
        #expect(try row.text("b") == "25:01:01.000001")
        #expect(try row.text("c") == "{1,NULL,-3}")
        #expect(try row.text("d") == "{\"x y\",NULL}")
        await connection.close()
    }

    @Test("a wrong type names the column, what was expected and what is there")
    func wrongType() async throws {
        let connection = try await TestDatabase.fresh().connect()
        let row = try await connection.query("select 'a'::text as title").only()
        let error = #expect(throws: PostgresError.self) { try row.int64("title") }
        #expect(error?.description.contains("\"title\" is text, bigint") == true)
        #expect(throws: PostgresError.self) { try row.int64("absent") }
        #expect(throws: PostgresError.self) { try row.int64(1) }
        await connection.close()
    }

    @Test(
        "an error has the class of its SQLSTATE, and the connection goes on",
        arguments: [
            ("select 1/0", "22012", PostgresError.RetryClass.permanent), ("select * from absent", "42P01", .schema),
            ("select absent()", "42883", .schema), ("selct", "42601", .permanent),
            ("do $$ begin raise sqlstate '40001'; end $$", "40001", .transient),
            ("do $$ begin raise sqlstate '53100'; end $$", "53100", .resources),
            ("do $$ begin raise sqlstate '42501'; end $$", "42501", .permission),
        ]
    )
    func errors(sql: String, state: String, retry: PostgresError.RetryClass) async throws {
        let connection = try await TestDatabase.fresh().connect()
        let error = await #expect(throws: PostgresError.self) { try await connection.query(sql) }
        #expect(error?.sqlState == state)
        #expect(error?.retryClass == retry)
        #expect(error?.shortDescription == "server:\(state)")
        #expect(try await connection.query("select 1 as one").only().int32("one") == 1)
        await connection.close()
    }

    @Test("more statements than the cache holds, and a changed table, go unnoticed")
    func cache() async throws {
        let connection = try await TestDatabase.fresh().connect()
        for index in 0..<600 {
            #expect(try await connection.query("select \(index % 300) as n").only().int32("n") == Int32(index % 300))
        }
        let left = try await connection.query("select count(*) as n from pg_prepared_statements").only()
        #expect(try left.int64("n") <= 256)
        try await connection.execute(script: "create table t (a int); insert into t values (1)")
        #expect(try await connection.query("select * from t").columns.count == 1)
        try await connection.execute(script: "alter table t add b int")
        #expect(try await connection.query("select * from t").columns.count == 2)
        await connection.close()
    }

    @Test("a statement stops at its timeout and when it is cancelled")
    func stops() async throws {
        let connection = try await TestDatabase.fresh().connect()
        let slow = "select pg_sleep(600)"
        let late = await #expect(throws: PostgresError.self) {
            try await connection.query(slow, timeout: .milliseconds(20))
        }
        #expect(late?.kind == .timeout)
        let task = Task { try await connection.query(slow) }
        let watcher = try await PostgresConnection.connect(connection.configuration)
        try await watcher.waitUntilActive(slow)
        task.cancel()
        let error = await #expect(throws: PostgresError.self) { try await task.value }
        #expect(error?.kind == .cancelled)
        #expect(await connection.isUsable)
        #expect(try await connection.query("select 2 as n").only().int32("n") == 2)
    }
}

extension PostgresConnection {
    /// Returns when another session runs the statement.
    func waitUntilActive(_ sql: String) async throws {
        let find = "select 1 from pg_stat_activity where query = $1 and state = 'active'"
        while try await query(find, [.text(sql)]).isEmpty { await Task.yield() }
    }
}

extension PostgresRow {
    /// A column read back by the accessor of a value's case.
    func value(_ column: String, like value: PostgresValue) throws(PostgresError) -> PostgresValue {
        switch value {
        case .null(let type): return .null(type)
        case .bool: return .bool(try bool(column))
        case .int16: return .int16(try int16(column))
        case .int32: return .int32(try int32(column))
        case .int64: return .int64(try int64(column))
        case .float64: return .float64(try float64(column))
        case .text: return .text(try text(column))
        case .bytea: return .bytea(try bytea(column))
        case .uuid:
            let uuid = try uuid(column)
            return .uuid(high: uuid.high, low: uuid.low)
        case .timestamptz: return .timestamptz(try timestamptz(column))
        case .interval: return .interval(microseconds: try interval(column))
        case .jsonb: return .jsonb(try jsonb(column))
        case .boolArray: return .boolArray(try boolArray(column))
        case .int16Array: return .int16Array(try int16Array(column))
        case .int32Array: return .int32Array(try int32Array(column))
        case .int64Array: return .int64Array(try int64Array(column))
        case .float64Array: return .float64Array(try float64Array(column))
        case .textArray: return .textArray(try textArray(column))
        case .byteaArray: return .byteaArray(try byteaArray(column))
        case .timestamptzArray: return .timestamptzArray(try timestamptzArray(column))
        case .jsonbArray: return .jsonbArray(try jsonbArray(column))
        }
    }
}
