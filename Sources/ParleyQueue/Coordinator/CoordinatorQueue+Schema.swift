// Whether the database's schema is one that this program can use: asked at the start, and by a coordinator again while it
// runs, since the schema may be migrated meanwhile.

public import ParleyModel
public import ParleyPostgres

extension CoordinatorQueue {
    /// Where the database's schema stands.
    public func schemaStatus() async throws -> MigrationStatus {
        try await pool.withConnection { try await MigrationRunner(QueueSchema.migrations).status(on: $0) }
    }
}

extension MigrationStatus {
    /// Whether this program can use the database.
    /// - Throws: a failure of category `database` that says what does not fit
    public func requireFit() throws(ParleyFailure) {
        try requireKnown()
        guard pending.isEmpty else {
            throw ParleyFailure(
                .database,
                "The database's schema lacks \(pending.count) of \(known) migrations.",
                remedy: "Run `parley migrate --database URL` as a role that may create roles and schemas."
            )
        }
    }

    /// Throws where the database is too new for this program, or was migrated from another text.
    public func requireKnown() throws(ParleyFailure) {
        if let newest = newer.last, !isServed {
            throw ParleyFailure(
                .database,
                "The database's schema is \(newest) and serves programs from \(least) on; this one was written for "
                    + "\(known).",
                remedy: "Use a newer Parley."
            )
        }
        if let version = changed.first {
            throw ParleyFailure(
                .database,
                "Migration \(version) was applied to this database with another text.",
                remedy: "Use the Parley that migrated it, or a fresh database."
            )
        }
    }
}
