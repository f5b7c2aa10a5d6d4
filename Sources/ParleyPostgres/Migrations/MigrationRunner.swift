// Brings a database's schema up to date, or back. Invariants: one runner at a time (an advisory lock); each migration
// and its row in `parley.schema_migrations` commit together; an applied migration is never run again and never differs.
//
// Programs use the database meanwhile. A step that waits for a lock holds up everybody who comes after it, so it waits
// half a second at most, gives up, lets the others pass and tries again.

/// Applies and undoes migrations in order.
public struct MigrationRunner: Sendable {
    /// Key of the advisory lock, the letters "parley" as a number.
    private static let lockKey: Int64 = 0x7061_726c_6579

    /// The longest wait for one lock.
    private static let lockTimeout = Duration.milliseconds(500)
    /// The pause between two tries, in milliseconds.
    private static let pause = 500...1500

    private let migrations: [Migration]
    private let patience: Duration

    /// Takes all migrations of this program.
    /// - Parameter patience: how long a step is tried again that finds its tables locked
    /// - Throws: a usage error when versions are not 1, 2, 3, …
    public init(_ migrations: [Migration], patience: Duration = .seconds(60)) throws(PostgresError) {
        for (index, migration) in migrations.enumerated() where migration.version != index + 1 {
            throw .usage("Migration \"\(migration.name)\" has version \(migration.version), \(index + 1) was expected.")
        }
        self.migrations = migrations
        self.patience = patience
    }

    /// Applies what is pending; with a version, applies or undoes what leads there.
    /// - Returns: what was done, in order
    /// - Throws: as ``steps(from:to:)``; the server's error when a step fails, and a usage error when it found no moment
    ///   without locks, after which the earlier ones stay done
    public func run(on connection: PostgresConnection, to version: Int? = nil) async throws -> [MigrationStep] {
        let key: [PostgresValue] = [.int64(Self.lockKey)]
        _ = try await connection.query("select pg_advisory_lock($1)", key)
        do {
            let done = try await runLocked(connection, to: version)
            _ = try await connection.query("select pg_advisory_unlock($1)", key)
            return done
        } catch {
            // The session may be gone, and with it the lock.
            _ = try? await connection.query("select pg_advisory_unlock($1)", key)
            throw error
        }
    }

    /// Where the database stands; changes nothing.
    public func status(on connection: PostgresConnection) async throws -> MigrationStatus {
        let found = try await connection.query("select to_regclass('parley.schema_migrations') is not null as found")
        var status = MigrationStatus(applied: [], pending: [], newer: [], least: 0, changed: [])
        var rows: [Int64: (checksum: Int64, least: Int64)] = [:]
        if try found.only().bool("found") {
            for row in try await connection.query("select version, checksum, least from parley.schema_migrations") {
                rows[try row.int64("version")] = (try row.int64("checksum"), try row.int64("least"))
            }
        }
        for migration in migrations {
            guard let row = rows.removeValue(forKey: Int64(migration.version)) else {
                status.pending.append(migration)
                continue
            }
            status.applied.append(migration.version)
            if row.checksum != migration.checksum { status.changed.append(migration.version) }
        }
        status.newer = rows.keys.map { Int($0) }.sorted()
        status.least = rows.values.map { Int($0.least) }.max() ?? 0
        return status
    }

    /// What leads from where a database stands to a version, the newest unless given. A newer database that serves this
    /// program needs nothing.
    /// - Throws: a usage error when the database is too new for this program, an applied migration was edited, there is
    ///   no such version, or a migration on the way back cannot be undone
    public func steps(
        from status: MigrationStatus,
        to version: Int? = nil
    ) throws(PostgresError) -> [MigrationStep] {
        if let newest = status.newer.last, version != nil || !status.isServed {
            throw .usage(
                "The database has migration \(newest), this program knows \(migrations.count): use a newer Parley."
            )
        }
        if let version = status.changed.first {
            throw .usage(
                "Migration \(version) (\"\(migrations[version - 1].name)\") was edited after it had been applied to "
                    + "this database. Restore its text and put the change into a new migration."
            )
        }
        let goal = version ?? migrations.count
        guard version == nil || (goal > 0 && goal <= migrations.count) else {
            throw .usage("There is no version \(goal): this program knows 1 to \(migrations.count).")
        }
        let back = status.applied.filter { $0 > goal }.reversed().map { migrations[$0 - 1] }
        if let final = back.first(where: { $0.undo == nil }) {
            throw .usage(
                "Migration \(final.version) (\"\(final.name)\") cannot be undone, and nothing was: restore a backup "
                    + "from before it (deploy/runbook.md)."
            )
        }
        return back.map { .undo($0) } + status.pending.filter { $0.version <= goal }.map { .apply($0) }
    }

    private func runLocked(_ connection: PostgresConnection, to version: Int?) async throws -> [MigrationStep] {
        let steps = try steps(from: await status(on: connection), to: version)
        if steps.isEmpty { return [] }
        try await prepareTable(connection)
        for step in steps { try await take(step, connection) }
        return steps
    }

    private func prepareTable(_ connection: PostgresConnection) async throws {
        try await connection.execute(
            script: """
                create schema if not exists parley;
                create table if not exists parley.schema_migrations (
                    version bigint primary key,
                    name text not null,
                    checksum bigint not null,
                    -- The oldest version whose programs it serves.
                    least bigint not null,
                    applied_at timestamptz not null default now()
                );
                """
        )
    }

    /// One step, tried until it finds its tables free.
    private func take(_ step: MigrationStep, _ connection: PostgresConnection) async throws {
        let deadline = ContinuousClock.now + patience
        while true {
            do {
                return try await tryOnce(step, connection)
            } catch let error as PostgresError where ["55P03", "40P01"].contains(error.sqlState) {
                guard .now < deadline else {
                    throw PostgresError.usage(
                        "Migration \(step.migration.version) (\"\(step.migration.name)\") found its tables locked for "
                            + "\(patience), and nothing of it was done. See which transactions are old: select pid, "
                            + "usename, state, xact_start from pg_stat_activity order by xact_start. Then migrate again."
                    )
                }
                try await Task.sleep(for: .milliseconds(Int.random(in: Self.pause)))
            }
        }
    }

    private func tryOnce(_ step: MigrationStep, _ connection: PostgresConnection) async throws {
        try await connection.transaction { connection in
            try await connection.execute(script: "set local lock_timeout = \(Self.lockTimeout.wholeMilliseconds)")
            switch step {
            case .apply(let migration):
                try await connection.execute(script: migration.sql)
                _ = try await connection.query(
                    "insert into parley.schema_migrations (version, name, checksum, least) values ($1, $2, $3, $4)",
                    [
                        .int64(Int64(migration.version)), .text(migration.name), .int64(migration.checksum),
                        .int64(Int64(migration.least)),
                    ]
                )
            case .undo(let migration):
                try await connection.execute(script: migration.undo ?? "")
                _ = try await connection.query(
                    "delete from parley.schema_migrations where version = $1",
                    [.int64(Int64(migration.version))]
                )
            }
        }
    }
}
