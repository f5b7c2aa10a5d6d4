// Whether a database's schema is one that this program knows.

import ParleyModel
import ParleyPostgres

extension MigrationStatus {
    /// Throws where the database is newer than this program, or was migrated from another text.
    func requireKnown() throws(ParleyFailure) {
        if let newest = newer.last {
            throw ParleyFailure(
                .database,
                "The database has migration \(newest), which this program does not know.",
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
