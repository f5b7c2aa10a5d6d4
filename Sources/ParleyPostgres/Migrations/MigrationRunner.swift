// Brings a database's schema up to date. Invariants: one runner at a time (an advisory lock); each migration and its
// row in `parley.schema_migrations` commit together; an applied migration is never run again and never differs.

/// Applies migrations in order.
public struct MigrationRunner: Sendable {
    /// Key of the advisory lock, the letters "parley" as a number.
    private static let lockKey: Int64 = 0x7061_726c_6579

    private let migrations: [Migration]

    /// Takes all migrations of this program.
    /// - Throws: a usage error when versions are not 1, 2, 3, …
    public init(_ migrations: [Migration]) throws(PostgresError) {
        for (index, migration) in migrations.enumerated() where migration.version != index + 1 {
            throw .usage("Migration \"\(migration.name)\" has version \(migration.version), \(index + 1) was expected.")
        }
        self.migrations = migrations
    }

    /// Applies what is pending.
    /// - Returns: what was applied now, in order
    /// - Throws: a usage error when the database is newer than this program or an applied migration was edited; the
    ///   server's error when a migration fails, after which the earlier ones stay applied
    public func run(on connection: PostgresConnection) async throws -> [Migration] {
        let key: [PostgresValue] = [.int64(Self.lockKey)]
        _ = try await connection.query("select pg_advisory_lock($1)", key)
        do {
            let applied = try await runLocked(connection)
            _ = try await connection.query("select pg_advisory_unlock($1)", key)
            return applied
        } catch {
            // The session may be gone, and with it the lock.
            _ = try? await connection.query("select pg_advisory_unlock($1)", key)
            throw error
        }
    }

    /// Where the database stands; changes nothing.
    public func status(on connection: PostgresConnection) async throws -> MigrationStatus {
        let found = try await connection.query("select to_regclass('parley.schema_migrations') is not null as found")
        var status = MigrationStatus(applied: [], pending: [], newer: [], changed: [])
        var checksums: [Int64: Int64] = [:]
        if try found.only().bool("found") {
            for row in try await connection.query("select version, checksum from parley.schema_migrations") {
                checksums[try row.int64("version")] = try row.int64("checksum")
            }
        }
        for migration in migrations {
            switch checksums.removeValue(forKey: Int64(migration.version)) {
            case nil: status.pending.append(migration)
            case migration.checksum: status.applied.append(migration.version)
            default:
                status.applied.append(migration.version)
                status.changed.append(migration.version)
            }
        }
        status.newer = checksums.keys.map { Int($0) }.sorted()
        return status
    }

    private func runLocked(_ connection: PostgresConnection) async throws -> [Migration] {
        let status = try await status(on: connection)
        if let newest = status.newer.last {
            throw PostgresError.usage(
                "The database has migration \(newest), this program knows \(migrations.count): use a newer Parley."
            )
        }
        if let version = status.changed.first {
            throw PostgresError.usage(
                "Migration \(version) (\"\(migrations[version - 1].name)\") was edited after it had been applied to "
                    + "this database. Restore its text and put the change into a new migration."
            )
        }
        if status.pending.isEmpty { return [] }
        try await prepareTable(connection)
        for migration in status.pending { try await apply(migration, connection) }
        return status.pending
    }

    private func prepareTable(_ connection: PostgresConnection) async throws {
        try await connection.execute(
            script: """
                create schema if not exists parley;
                create table if not exists parley.schema_migrations (
                    version bigint primary key,
                    name text not null,
                    checksum bigint not null,
                    applied_at timestamptz not null default now()
                );
                """
        )
    }

    private func apply(_ migration: Migration, _ connection: PostgresConnection) async throws {
        try await connection.transaction { connection in
            try await connection.execute(script: migration.sql)
            _ = try await connection.query(
                "insert into parley.schema_migrations (version, name, checksum) values ($1, $2, $3)",
                [.int64(Int64(migration.version)), .text(migration.name), .int64(migration.checksum)]
            )
        }
    }
}
