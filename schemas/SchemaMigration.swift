// The numbered SQL files, embedded in the program, in the order in which they are applied. A file that was released is
// never edited: a change is a new file and a new line here.

/// One migration of the database's schema.
public struct SchemaMigration: Sendable, Hashable {
    /// From 1, without gaps.
    public let version: Int
    /// The file's name without number and extension.
    public let name: String
    /// The statements, run in one transaction.
    public let sql: String
    /// The oldest schema whose programs go on with the database after it; its own version where none does.
    public let least: Int
    /// The statements that undo it; nil where only a backup from before it does.
    public let undo: String?

    init(_ version: Int, _ name: String, _ bytes: [UInt8], serves least: Int? = nil, undo: [UInt8]? = nil) {
        self.version = version
        self.name = name
        sql = String(decoding: bytes, as: UTF8.self)
        self.least = least ?? version
        self.undo = undo.map { String(decoding: $0, as: UTF8.self) }
    }

    /// All migrations, in order.
    public static let all: [SchemaMigration] = [
        SchemaMigration(1, "foundations", PackageResources.m0001_foundations_sql),
        SchemaMigration(2, "queue", PackageResources.m0002_queue_sql),
        SchemaMigration(3, "claim", PackageResources.m0003_claim_sql),
        SchemaMigration(4, "settle", PackageResources.m0004_settle_sql),
        SchemaMigration(5, "coordinate", PackageResources.m0005_coordinate_sql),
        SchemaMigration(6, "observations", PackageResources.m0006_observations_sql),
        SchemaMigration(7, "limits", PackageResources.m0007_limits_sql),
        SchemaMigration(8, "control", PackageResources.m0008_control_sql),
        SchemaMigration(9, "segments", PackageResources.m0009_segments_sql),
        SchemaMigration(10, "checkpoints", PackageResources.m0010_checkpoints_sql),
        SchemaMigration(11, "ledger", PackageResources.m0011_ledger_sql),
        SchemaMigration(12, "visibility", PackageResources.m0012_visibility_sql),
        SchemaMigration(13, "grading", PackageResources.m0013_grading_sql),
        SchemaMigration(14, "calendar", PackageResources.m0014_calendar_sql),
        SchemaMigration(15, "order", PackageResources.m0015_order_sql),
        SchemaMigration(16, "pools", PackageResources.m0016_pools_sql),
        SchemaMigration(17, "service", PackageResources.m0017_service_sql),
        SchemaMigration(18, "watch", PackageResources.m0018_watch_sql),
        SchemaMigration(19, "servers", PackageResources.m0019_servers_sql),
        SchemaMigration(20, "exit", PackageResources.m0020_exit_sql),
        SchemaMigration(
            21,
            "upgrades",
            PackageResources.m0021_upgrades_sql,
            serves: 20,
            undo: PackageResources.m0021_upgrades_undo_sql
        ),
    ]
}
