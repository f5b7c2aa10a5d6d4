// The migration runner on fresh databases.

import ParleyPostgres
import ParleyTestSupport
import Testing

@Suite("Migrations")
struct MigrationTests {
    static let one = Migration(version: 1, name: "one", sql: "create table parley.one (a int); select 1;")
    static let two = Migration(
        version: 2,
        name: "two",
        sql: "alter table parley.one add column b int",
        least: 1,
        undo: "alter table parley.one drop column b"
    )

    @Test("pending migrations are applied once, in order")
    func applies() async throws {
        let connection = try await TestDatabase.fresh().connect()
        let first = try MigrationRunner([Self.one])
        #expect(try await first.status(on: connection).pending == [Self.one])
        #expect(try await first.run(on: connection) == [.apply(Self.one)])
        let both = try MigrationRunner([Self.one, Self.two])
        #expect(try await both.run(on: connection) == [.apply(Self.two)])
        #expect(try await both.run(on: connection) == [])
        #expect(try await both.status(on: connection).fits)
        await connection.close()
    }

    @Test("an edited migration and a newer database are refused, unless the database serves older programs")
    func refuses() async throws {
        let connection = try await TestDatabase.fresh().connect()
        let three = Migration(version: 3, name: "three", sql: "select 1")
        _ = try await MigrationRunner([Self.one, Self.two]).run(on: connection)
        let edited = try MigrationRunner([Migration(version: 1, name: "one", sql: "select 2"), Self.two])
        let error = await #expect(throws: PostgresError.self) { try await edited.run(on: connection) }
        #expect(error?.description.contains("Migration 1") == true)
        let older = try MigrationRunner([Self.one])
        let served = try await older.status(on: connection)
        #expect(served.newer == [2] && served.fits)
        #expect(try await older.run(on: connection) == [])
        _ = try await MigrationRunner([Self.one, Self.two, three]).run(on: connection)
        let unserved = try await older.status(on: connection)
        #expect(unserved.newer == [2, 3] && unserved.least == 3 && !unserved.fits)
        await #expect(throws: PostgresError.self) { try await older.run(on: connection) }
        #expect(throws: PostgresError.self) { try MigrationRunner([Self.two]) }
        await connection.close()
    }

    @Test("a migration that fails leaves the earlier ones and nothing of itself")
    func fails() async throws {
        let connection = try await TestDatabase.fresh().connect()
        let broken = Migration(version: 2, name: "broken", sql: "create table parley.two (a int); select 1/0;")
        let runner = try MigrationRunner([Self.one, broken])
        await #expect(throws: PostgresError.self) { try await runner.run(on: connection) }
        let status = try await runner.status(on: connection)
        #expect(status.applied == [1])
        let found = try await connection.query("select to_regclass('parley.two') is null as gone").only()
        #expect(try found.bool("gone"))
        await connection.close()
    }

    @Test("two runners at once apply each migration once")
    func concurrent() async throws {
        let database = try await TestDatabase.fresh()
        let applied = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let connection = try await database.connect()
                    return try await MigrationRunner([Self.one, Self.two]).run(on: connection).count
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(applied == 2)
    }

    @Test("a step back is taken where the migration says how, and refused as a whole where one does not")
    func undoes() async throws {
        let connection = try await TestDatabase.fresh().connect()
        let final = Migration(version: 3, name: "final", sql: "drop table parley.one")
        let runner = try MigrationRunner([Self.one, Self.two, final])
        #expect(try await runner.run(on: connection, to: 2) == [.apply(Self.one), .apply(Self.two)])
        #expect(try await runner.run(on: connection, to: 1) == [.undo(Self.two)])
        let columns = try await connection.query("select * from parley.one")
        #expect(columns.columns.map(\.name) == ["a"])
        #expect(try await runner.run(on: connection).count == 2)
        let error = await #expect(throws: PostgresError.self) { try await runner.run(on: connection, to: 1) }
        #expect(error?.description.contains("\"final\"") == true && error?.description.contains("backup") == true)
        #expect(try await runner.status(on: connection).applied == [1, 2, 3])
        await #expect(throws: PostgresError.self) { try await runner.run(on: connection, to: 4) }
        await connection.close()
    }

    @Test("a table that somebody reads is waited for without holding up others; in the end the step is given up whole")
    func locked() async throws {
        let database = try await TestDatabase.fresh()
        let owner = try await database.connect()
        _ = try await MigrationRunner([Self.one]).run(on: owner)
        let reader = try await database.connect()
        let writer = try await database.connect()
        try await reader.execute(script: "begin; select count(*) from parley.one")
        let impatient = try MigrationRunner([Self.one, Self.two], patience: .zero)
        let error = await #expect(throws: PostgresError.self) { try await impatient.run(on: owner) }
        #expect(error?.description.contains("pg_stat_activity") == true)
        #expect(try await impatient.status(on: owner).pending == [Self.two])

        let runner = Task { try await MigrationRunner([Self.one, Self.two]).run(on: owner) }
        // Held up for as long as one try waits, and then let pass while the reader still reads.
        for value in 0..<3 {
            while try await writer.query(
                "select 1 from pg_stat_activity where state = 'active' and wait_event_type = 'Lock' and datname = $1",
                [.text(database.name)]
            ).isEmpty {}
            _ = try await writer.query("insert into parley.one values ($1)", [.int32(Int32(value))])
        }
        try await reader.execute(script: "commit")
        #expect(try await runner.value == [.apply(Self.two)])
        for connection in [owner, reader, writer] { await connection.close() }
    }
}
