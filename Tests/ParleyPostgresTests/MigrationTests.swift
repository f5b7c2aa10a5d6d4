// The migration runner on fresh databases.

import ParleyPostgres
import ParleyTestSupport
import Testing

@Suite("Migrations")
struct MigrationTests {
    static let one = Migration(version: 1, name: "one", sql: "create table parley.one (a int); select 1;")
    static let two = Migration(version: 2, name: "two", sql: "create table parley.two (a int)")

    @Test("pending migrations are applied once, in order")
    func applies() async throws {
        let connection = try await TestDatabase.fresh().connect()
        let first = try MigrationRunner([Self.one])
        #expect(try await first.status(on: connection).pending == [Self.one])
        #expect(try await first.run(on: connection) == [Self.one])
        let both = try MigrationRunner([Self.one, Self.two])
        #expect(try await both.run(on: connection) == [Self.two])
        #expect(try await both.run(on: connection) == [])
        #expect(try await both.status(on: connection).isCurrent)
        await connection.close()
    }

    @Test("an edited migration and a newer database are refused")
    func refuses() async throws {
        let connection = try await TestDatabase.fresh().connect()
        _ = try await MigrationRunner([Self.one, Self.two]).run(on: connection)
        let edited = try MigrationRunner([Migration(version: 1, name: "one", sql: "select 2"), Self.two])
        let error = await #expect(throws: PostgresError.self) { try await edited.run(on: connection) }
        #expect(error?.description.contains("Migration 1") == true)
        let older = try MigrationRunner([Self.one])
        #expect(try await older.status(on: connection).newer == [2])
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
}
