// One numbered step of the schema, and where a database stands among the steps.

/// One step of the schema. Its text never changes once it has been applied anywhere.
public struct Migration: Sendable, Hashable {
    /// From 1, without gaps.
    public let version: Int
    public let name: String
    /// Statements without `begin` and `commit`: each migration runs in one transaction.
    public let sql: String

    public init(version: Int, name: String, sql: String) {
        self.version = version
        self.name = name
        self.sql = sql
    }

    /// FNV-1a of the text, as the bigint that is stored.
    var checksum: Int64 { Int64(bitPattern: Fingerprint.of(sql)) }
}

/// Where a database stands.
public struct MigrationStatus: Sendable, Hashable {
    /// Versions that are applied and known to this program.
    public var applied: [Int]
    /// Migrations of this program that are not applied yet, in order.
    public var pending: [Migration]
    /// Versions in the database that this program does not know: the database is newer.
    public var newer: [Int]
    /// Versions whose text differs from what was applied.
    public var changed: [Int]

    /// Whether this program and the database agree.
    public var isCurrent: Bool { pending.isEmpty && newer.isEmpty && changed.isEmpty }
}
