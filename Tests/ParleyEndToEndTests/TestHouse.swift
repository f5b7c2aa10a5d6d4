// Servers of a test's own, each with a database of Parley's and one login that coordinates and works.

import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTestSupport
import Testing

/// A PostgreSQL cluster with a database `parley`.
struct TestHouse {
    static let login = "parley_test"

    let cluster: EmbeddedCluster

    /// A started cluster.
    static func started() async throws -> TestHouse {
        let house = TestHouse(cluster: TestCluster.makePrivate())
        try await house.cluster.start()
        try await house.makeDatabase("parley")
        return house
    }

    /// Makes a migrated database that the login may use.
    func makeDatabase(_ name: String) async throws {
        let server = try await PostgresConnection.connect(cluster.configuration)
        try await server.execute(script: "create database \(name)")
        await server.close()
        let owner = try await PostgresConnection.connect(cluster.configuration.with(database: name))
        _ = try await MigrationRunner(QueueSchema.migrations).run(on: owner)
        for group in [QueueSchema.coordinatorRole, QueueSchema.workerRole] {
            try await TestDatabase.makeLogin(Self.login, in: group, owner)
        }
        await owner.close()
    }

    /// A database as a URL.
    func url(_ database: String = "parley", role: String = login) -> String {
        "postgresql:///\(database)?host=\(cluster.configuration.host ?? "")&port=5432&user=\(role)"
    }

    /// Makes this house the desk of another one as well.
    func add(_ name: String, _ other: TestHouse) throws {
        let added = try ParleyProcess.run(["servers", "add", name, other.url(), "--database", url(role: "postgres")])
        #expect(added.code == 0, "\(added.errors)")
    }

    /// Runs a round on simulated models to its end.
    func run(_ round: String, in database: String = "parley") throws {
        let run = try ParleyProcess.run(["run", round, "--simulated", "--database", url(database)])
        #expect(run.code == 0, "\(run.errors)")
    }
}
