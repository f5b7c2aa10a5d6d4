// The database schema that this queue's statements are written against.

public import ParleyPostgres
import ParleySchemas

/// The schema of the queue.
public enum QueueSchema {
    /// All migrations, for `MigrationRunner`.
    public static let migrations = SchemaMigration.all.map {
        Migration(version: $0.version, name: $0.name, sql: $0.sql, least: $0.least, undo: $0.undo)
    }
    /// The schema that this program is written for.
    public static let version = migrations.count

    /// The group role whose members coordinate: table rights without ownership.
    public static let coordinatorRole = "parley_coordinator"
    /// The group role whose members work: no table rights, the worker functions only.
    public static let workerRole = "parley_worker"
    /// The group role whose members are parties: no table rights, the readers' functions of `parley_party` only.
    public static let partyRole = "parley_party"
    /// The channel on which the coordinator announces work; its payload is the round's number. A hint only.
    public static let jobsChannel = "parley_jobs"
    /// Where workers belong that name no pool.
    public static let defaultPool = "default"
    /// What is said on that channel where workers were told something.
    public static let orders = "orders"
    /// What is said on that channel where jobs were taken back from workers.
    public static let recall = "recall"
}
