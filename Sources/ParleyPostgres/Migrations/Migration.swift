// One numbered step of the schema, and where a database stands among the steps.

/// One step of the schema. Its text never changes once it has been applied anywhere.
public struct Migration: Sendable, Hashable {
    /// From 1, without gaps.
    public let version: Int
    public let name: String
    /// Statements without `begin` and `commit`: each migration runs in one transaction.
    public let sql: String
    /// The oldest version whose programs go on with the database after it: they find all that they use as they know it.
    /// Its own version where none does.
    public let least: Int
    /// Statements that undo it; nil where only a backup from before it does.
    public let undo: String?

    /// - Parameter least: its own version unless given
    public init(version: Int, name: String, sql: String, least: Int? = nil, undo: String? = nil) {
        self.version = version
        self.name = name
        self.sql = sql
        self.least = least ?? version
        self.undo = undo
    }

    /// FNV-1a of the text, as the bigint that is stored.
    var checksum: Int64 { Int64(bitPattern: Fingerprint.of(sql)) }
}

/// What is done with one migration.
public enum MigrationStep: Sendable, Hashable {
    case apply(Migration)
    case undo(Migration)

    public var migration: Migration {
        switch self {
        case .apply(let migration), .undo(let migration): migration
        }
    }

    /// Whether it goes back.
    public var isUndo: Bool { if case .undo = self { true } else { false } }
}

/// Where a database stands.
public struct MigrationStatus: Sendable, Hashable {
    /// Versions that are applied and known to this program.
    public var applied: [Int]
    /// Migrations of this program that are not applied yet, in order.
    public var pending: [Migration]
    /// Versions in the database that this program does not know: the database is newer.
    public var newer: [Int]
    /// The oldest version whose programs those newer ones serve; 0 where there are none.
    public var least: Int
    /// Versions whose text differs from what was applied.
    public var changed: [Int]

    /// The version that this program knows.
    public var known: Int { applied.count + pending.count }
    /// Whether the database serves programs as old as this one.
    public var isServed: Bool { least <= known }
    /// Whether this program can use the database.
    public var fits: Bool { pending.isEmpty && changed.isEmpty && isServed }
}
