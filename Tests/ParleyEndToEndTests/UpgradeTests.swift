// The schema is migrated and taken back while a real coordinator and a real worker run. They are the "previous version":
// the steps that follow theirs are the tests' own.

import Foundation
import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTestSupport
import Testing

@Suite("Upgrades") struct UpgradeTests {
    private static let known = QueueSchema.version
    /// The schema before the first step that can be undone.
    private static let baseline = (QueueSchema.migrations.first { $0.undo != nil }?.version ?? known) - 1
    /// Adds what older programs need not know.
    private static let expand = Migration(
        version: known + 1,
        name: "expand",
        sql: "alter table parley.outcomes add column remark text",
        least: known,
        undo: "alter table parley.outcomes drop column remark"
    )
    /// Takes something away: programs from `expand` on go on, workers that run now could not.
    private static let contract = Migration(
        version: known + 2,
        name: "contract",
        sql: "select parley.require_workers_of(\(known + 1), \(known + 2)); drop function parley.worker_orders(bigint)",
        least: known + 1
    )

    @Test("Workers go on over a step that serves them, and a step that does not waits until they have ended")
    func whileTheyRun() async throws {
        let place = try Workplace(samples: 150, latency: "20ms")
        let database = try await TestDatabase.fresh(migrations: QueueSchema.migrations)
        let owner = try await database.connect()
        let (coordinator, login) = try await database.daemonLogins(owner)
        let submitted = try ParleyProcess.run(["submit", place.round, "--simulated", "--database", coordinator])
        #expect(submitted.code == 0, "\(submitted.errors)")
        let simulator = try ParleyProcess(["simulate", "--round", place.round, "--port", "0"])
        let address = simulator.simulatorAddress()
        let daemon = try ParleyProcess(["coordinator", "--database", coordinator])
        let worker = try Self.worker(login, address)
        try await Self.wait(for: 20, owner)

        // A reader keeps the step waiting; claims and commits pass it meanwhile.
        let reader = try await database.connect()
        try await reader.execute(script: "begin; select count(*) from parley.outcomes")
        let migration = Task {
            let connection = try await database.connect()
            let runner = try MigrationRunner(QueueSchema.migrations + [Self.expand], patience: .seconds(300))
            return try await runner.run(on: connection)
        }
        while try await owner.query(
            "select 1 from pg_locks where mode = 'AccessExclusiveLock' and not granted"
        ).isEmpty {}
        let before = try await Self.outcomes(owner)
        try await Self.wait(for: before + 40, owner)
        try await reader.execute(script: "commit")
        #expect(try await migration.value == [.apply(Self.expand)])
        try await Self.wait(for: before + 60, owner)
        #expect(worker.isRunning && daemon.isRunning)
        let doctor = try ParleyProcess.run(["doctor", "--database", coordinator])
        #expect(doctor.output.contains("and 1 newer that serve this program as well"), "\(doctor.output)")

        // The next one would take away what this worker calls.
        let runner = try MigrationRunner(QueueSchema.migrations + [Self.expand, Self.contract])
        let refused = await #expect(throws: PostgresError.self) { try await runner.run(on: owner) }
        #expect(refused?.description.contains("(upgraded, written for schema \(Self.known))") == true)
        #expect(try await runner.status(on: owner).pending == [Self.contract])
        let drained = try ParleyProcess.run([
            "pool", "drain", "default", "--because", "an upgrade", "--database", coordinator,
        ])
        #expect(drained.code == 0, "\(drained.errors)")
        #expect(worker.end().code == 0)
        #expect(try await runner.run(on: owner) == [.apply(Self.contract)])

        // What was written for before it ends by itself, or does not start, and says why.
        let ended = daemon.end()
        #expect(ended.code == 4 && ended.errors.contains("Use a newer Parley"), "\(ended.errors)")
        let late = try Self.worker(login, address).end()
        #expect(late.code == 4 && late.errors.contains("Use a newer Parley"), "\(late.errors)")
        let status = try ParleyProcess.run(["status", "--database", coordinator])
        #expect(status.code == 4 && status.errors.contains("serves programs from \(Self.known + 1) on"))

        #expect(try await owner.query("select class from parley.attempts").isEmpty)
        let held = "select (select count(*) from parley.blocks where open <> 0) + (select count(*) from parley.jobs)"
        #expect(try await owner.query(held).only().int64(0) == 0, "nothing is left behind")
        simulator.signal(SIGTERM)
        #expect(simulator.end().code == 0)
        for connection in [owner, reader] { await connection.close() }
    }

    @Test("`parley migrate --to` goes back and forth, says what cannot be undone, and spares a living worker")
    func back() async throws {
        let (place, baseline) = (try Workplace(samples: 2), Self.baseline)
        let database = try await TestDatabase.fresh(migrations: QueueSchema.migrations)
        let owner = try await database.connect()
        let (coordinator, login) = try await database.daemonLogins(owner)
        let migrate = { (more: [String]) in
            try ParleyProcess.run(["migrate", "--database", try database.url()] + more)
        }
        let worker = try Self.worker(login, "http://127.0.0.1:1")
        while try await owner.query("select 1 from parley.workers").isEmpty {}
        let refused = try migrate(["--to", "\(baseline)"])
        #expect(refused.code != 0 && refused.errors.contains("upgraded, written for schema"), "\(refused.errors)")
        worker.signal(SIGTERM)
        #expect(worker.end().code == 0)

        let plan = try migrate(["--to", "\(baseline)", "--dry-run"])
        #expect(plan.output.contains("to undo  \(baseline + 1)  upgrades"), "\(plan.output)")
        let undone = try migrate(["--to", "\(baseline)"])
        #expect(undone.code == 0 && undone.output.contains("undone   \(baseline + 1)  upgrades"), "\(undone.errors)")
        let submit = ["submit", place.round, "--simulated", "--database", coordinator]
        for arguments in [["worker", "--database", login], submit] {
            let ended = try ParleyProcess.run(arguments)
            #expect(ended.code == 4 && ended.errors.contains("parley migrate"), "\(ended.errors)")
        }
        let final = try migrate(["--to", "\(baseline - 1)"])
        #expect(final.code != 0 && final.errors.contains("cannot be undone"), "\(final.errors)")
        let again = try migrate(["--json"])
        let step = try #require(try JSONValue(parsing: again.output).array?.first)
        #expect(step["serves"]?.integer == Int64(baseline))
        #expect(step["version"]?.integer == Int64(baseline + 1) && step["done"] == true)
        await owner.close()
    }

    @Test("Every step after the first release's says whom it serves; one that serves not all asks for workers first")
    func rules() {
        let steps = zip(QueueSchema.migrations, QueueSchema.migrations.dropFirst())
        for (older, migration) in steps.dropFirst(Self.baseline - 1) {
            #expect(migration.least <= older.version, "programs of the release before go on, so that upgrades can roll")
            let asks = "parley.require_workers_of(\(migration.least), "
            #expect(migration.least == older.least || migration.sql.contains(asks), "\(migration.name)")
            if let undo = migration.undo { #expect(undo.contains("parley.require_workers_of("), "\(migration.name)") }
        }
    }

    private static func worker(_ login: String, _ simulator: String) throws -> ParleyProcess {
        try ParleyProcess([
            "worker", "--database", login, "--name", "upgraded", "--concurrency", "4", "--simulator", simulator,
        ])
    }

    private static func outcomes(_ connection: PostgresConnection) async throws -> Int64 {
        try await connection.query("select count(*) from parley.outcomes").only().int64(0)
    }

    /// Waits until so many outcomes stand; the test's time limit ends a wait that has no end.
    private static func wait(for count: Int64, _ connection: PostgresConnection) async throws {
        while try await outcomes(connection) < count { await Task.yield() }
    }
}
