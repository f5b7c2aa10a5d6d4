// `parley doctor` and `parley migrate` against real servers in every state that an operator meets.

import Foundation
import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTestSupport
import Testing

@Suite("parley doctor and parley migrate") struct DoctorTests {
    private struct Check: Decodable {
        let name: String
        let state: String
        let message: String
        let remedy: String?
    }

    @Test("A migrated database is healthy, and migrating it again changes nothing")
    func healthy() async throws {
        let cluster = Self.cluster(settings: Self.good)
        try await cluster.start()
        let url = Self.url(of: cluster)
        let dry = try ParleyProcess.run(["migrate", "--database", url, "--dry-run", "--json"])
        #expect(try JSONValue(parsing: dry.output).array?.count == QueueSchema.migrations.count, "\(dry.errors)")
        let before = try Self.doctor(["--database", url])
        #expect(before.code == 1)
        #expect(before.checks["schema"]?.remedy?.contains("parley migrate") == true)
        #expect(try ParleyProcess.run(["migrate", "--database", url]).code == 0)
        let again = try ParleyProcess.run(["migrate", "--database", url, "--json"])
        #expect(again.code == 0 && again.output.filter { !$0.isWhitespace } == "[]")
        let after = try Self.doctor(["--database", url])
        #expect(after.code == 0, "\(after.checks)")
        // The sandbox is the machine's, not the database's; without bubblewrap it is a warning.
        #expect(after.checks.values.allSatisfy { $0.state == "ok" || $0.name == "sandbox" }, "\(after.checks)")
        await cluster.stop()
    }

    @Test("Settings that lose work, stop a round or write down prompts are named, each with what to set")
    func settings() async throws {
        let cluster = Self.cluster(settings: [("archive_mode", "on")])
        try await cluster.start()
        let owner = try await PostgresConnection.connect(cluster.configuration)
        let set = { (settings: [(String, String)]) in
            for (name, value) in settings { try await owner.execute(script: "alter system set \(name) = '\(value)'") }
            try await owner.execute(script: "select pg_reload_conf()")
            // Each new session begins with what was loaded; the server has it once it was told.
            let (name, value) = settings[settings.count - 1]
            while try await owner.query("show \(name)").only().text(0) != value {}
        }
        let states = {
            try Self.doctor(["--database", Self.url(of: cluster)]).checks.compactMapValues {
                $0.state == "ok" ? nil : $0.state
            }
        }
        let unmigrated = ["schema": "failed", "role": "failed"]
        func expected(_ more: [String: String]) -> [String: String] { unmigrated.merging(more) { $1 } }
        #expect(
            try states().filter { $0.key != "sandbox" }
                == expected(["archive": "warning", "server log": "warning", "open transactions": "warning"])
        )
        try await set(Self.good.filter { $0.0 != "archive_mode" })
        #expect(try states().filter { $0.key != "sandbox" } == unmigrated)
        try await set([("archive_command", "/bin/false"), ("log_min_duration_statement", "1s")])
        // The archiver may not have heard of it at the first segment.
        while try await owner.query("select failed_count from pg_stat_archiver").only().int64(0) == 0 {
            _ = try await owner.query("select pg_logical_emit_message(false, 'test', 'x'), pg_switch_wal()")
        }
        #expect(try states()["archive"] == "failed")
        try await set([("log_parameter_max_length", "-1"), ("autovacuum", "off"), ("fsync", "off")])
        let found = try states()
        #expect(found["durability"] == "failed" && found["vacuum"] == "failed" && found["server log"] == "warning")
        await owner.close()
        await cluster.stop()
    }

    /// What doctor asks of a server's settings.
    private static let good = [
        ("archive_mode", "on"), ("archive_command", "/bin/true"), ("log_error_verbosity", "terse"),
        ("idle_in_transaction_session_timeout", "1min"),
    ]

    /// A durable server of a test's own.
    private static func cluster(settings: [(String, String)]) -> EmbeddedCluster {
        var options = EmbeddedCluster.Options()
        options.removesFolder = true
        options.minimumFreeBytes = 0
        options.settings = settings.map { (name: $0.0, value: $0.1) }
        return EmbeddedCluster(folder: TestCluster.temporaryFolder(), options: options)
    }

    private static func url(of cluster: EmbeddedCluster) -> String {
        "postgresql:///postgres?host=\(cluster.configuration.host ?? "")&port=5432&user=postgres"
    }

    @Test("A host without bubblewrap is warned that agents get no shell, and is healthy otherwise")
    func noSandbox() throws {
        let place = try Workplace(samples: 1)
        let environment = ["PARLEY_DATABASE_URL": "", "PARLEY_BWRAP": "/nonexistent/bwrap"]
        let ended = try ParleyProcess.run(["doctor", "--json", "--state", place.state], environment: environment)
        let checks = try #require(try JSONValue(parsing: ended.output).array)
        let sandbox = try #require(checks.first { $0["name"] == "sandbox" })
        #expect(ended.code == 0 && sandbox["state"] == "warning", "\(ended.output)")
        #expect(sandbox["message"]?.string?.contains("/nonexistent/bwrap") == true)
        #expect(sandbox["remedy"]?.string?.contains("apt-get install bubblewrap") == true)
    }

    @Test("A schema that is newer, or was migrated from another text, is named by doctor, migrate and its dry run")
    func foreign() async throws {
        for (statement, word) in [
            (
                "insert into parley.schema_migrations (version, name, checksum, least) values (999, 'later', 1, 999)",
                "999"
            ),
            ("update parley.schema_migrations set checksum = checksum + 1 where version = 2", "another text"),
        ] {
            let database = try await TestDatabase.fresh(migrations: QueueSchema.migrations)
            let owner = try await database.connect()
            _ = try await owner.query(statement)
            await owner.close()
            let url = try database.url()
            for arguments in [["migrate"], ["migrate", "--dry-run"], ["status"]] {
                let ended = try ParleyProcess.run(arguments + ["--database", url])
                #expect(ended.code == 4 && ended.errors.contains(word), "\(arguments): \(ended.errors)")
            }
            let doctor = try Self.doctor(["--database", url])
            #expect(doctor.code == 1 && doctor.checks["schema"]?.message.contains(word) == true)
        }
    }

    @Test("A role without rights is told whose member it must be, and cannot migrate")
    func stranger() async throws {
        let database = try await TestDatabase.fresh(migrations: QueueSchema.migrations)
        let owner = try await database.connect()
        if try await owner.query("select 1 from pg_roles where rolname = 'parley_doctor_stranger'").isEmpty {
            try await owner.execute(script: "create role parley_doctor_stranger login")
        }
        await owner.close()
        let url = try database.url(role: "parley_doctor_stranger")
        let doctor = try Self.doctor(["--database", url])
        #expect(doctor.code == 1)
        #expect(doctor.checks["role"]?.remedy?.contains("grant parley_coordinator") == true, "\(doctor.checks)")
        #expect(doctor.checks["schema"]?.state == "failed")
        let migrate = try ParleyProcess.run(["migrate", "--database", url])
        #expect(migrate.code == 4 && migrate.errors.contains("permission denied"), "\(migrate.errors)")
    }

    @Test("A database that is down, a key that is missing and a provider that is away are each named with a remedy")
    func down() throws {
        let database = try Self.doctor(["--database", "postgresql://nobody@127.0.0.1:1/none"])
        #expect(database.code == 1 && database.checks["database"]?.remedy?.contains("URL") == true)

        let place = try Workplace(samples: 4)
        try place.write(
            "round.yaml",
            """
            round: sums
            tier: bilateral
            parties: [{ name: a, role: lab }]
            models:
              - { name: away, party: a, provider: openai, model: m, base_url: "http://127.0.0.1:1/v1" }
              - { name: keyless, party: a, provider: anthropic, model: m, base_url: "http://127.0.0.1:1",
                  api_key: "env:PARLEY_TEST_NO_SUCH_KEY" }
            suites:
              - { name: sums, party: a, areas: [scalable oversight], dataset: sums.jsonl, scorer: numeric }
            runs: all
            """
        )
        let round = try Self.doctor([place.round, "--state", place.state])
        #expect(round.code == 1)
        #expect(round.checks["round file"]?.state == "ok")
        #expect(round.checks["model away"]?.state == "failed" && round.checks["model away"]?.remedy != nil)
        let keyless = try #require(round.checks["model keyless"])
        #expect(keyless.state == "failed" && (keyless.message + (keyless.remedy ?? "")).contains("NO_SUCH_KEY"))
    }

    private static func doctor(_ arguments: [String]) throws -> (code: Int32, checks: [String: Check]) {
        let ended = try ParleyProcess.run(["doctor", "--json"] + arguments, environment: ["PARLEY_DATABASE_URL": ""])
        let checks = try JSONDecoder().decode([Check].self, from: Data(ended.output.utf8))
        return (ended.code, Dictionary(checks.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first }))
    }
}
