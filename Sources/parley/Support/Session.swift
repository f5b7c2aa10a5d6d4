// An open way to the database. The private PostgreSQL is made ready here: database, migrations, login roles. As on a
// shared server, coordinator and workers then connect as roles that own nothing.

import Foundation
import Logging
import ParleyModel
import ParleyPostgres
import ParleyQueue

struct Session: Sendable {
    static let coordinatorLogin = "parley_coordinator_login"
    static let workerLogin = "parley_worker_login"

    /// How the coordinator connects.
    let coordinator: PostgresConfiguration
    /// How workers connect; of a shared database the same URL.
    let worker: PostgresConfiguration
    /// How to act as the schema's owner; of a shared database the same URL, whose login may not be one.
    let owner: PostgresConfiguration
    let pool: PostgresPool
    private let cluster: EmbeddedCluster?
    /// Of labs, by which rounds that they may leave are read.
    private(set) var secrets: [PartySecret] = []

    var queue: CoordinatorQueue {
        var queue = CoordinatorQueue(pool: pool)
        queue.secrets = secrets
        return queue
    }

    func with(_ secrets: [PartySecret]) -> Session {
        var session = self
        session.secrets = secrets
        return session
    }

    /// A shared database whose schema fits.
    static func shared(_ configuration: PostgresConfiguration, logger: Logger) async throws -> Session {
        let session = Session(
            coordinator: configuration,
            worker: configuration,
            owner: configuration,
            pool: PostgresPool(configuration, maximum: 4, logger: logger),
            cluster: nil
        )
        try await session.checkSchema()
        try await session.sayHowFarBehind()
        return session
    }

    /// The private database of a state folder, owned by this process.
    static func embedded(folder: String, logger: Logger) async throws -> Session {
        let cluster = cluster(folder: folder, logger: logger)
        do {
            try await cluster.start()
        } catch {
            if error.kind == .held { throw ParleyFailure(.busy, error.description) }
            throw error
        }
        do {
            let superuser = cluster.configuration
            try await prepare(superuser, logger: logger)
            return session(superuser, cluster: cluster, logger: logger)
        } catch {
            await cluster.stop()
            throw error
        }
    }

    /// The private database of a state folder: of the process that runs it, or started for this one.
    static func attached(folder: String, logger: Logger) async throws -> Session {
        let running = session(cluster(folder: folder, logger: logger).configuration, cluster: nil, logger: logger)
        do {
            _ = try await running.pool.query("select 1")
            return running
        } catch {
            await running.pool.close()
            return try await embedded(folder: folder, logger: logger)
        }
    }

    func close() async {
        await pool.close()
        await cluster?.stop()
    }

    private static func cluster(folder: String, logger: Logger) -> EmbeddedCluster {
        var options = EmbeddedCluster.Options()
        options.roles = [coordinatorLogin, workerLogin]
        return EmbeddedCluster(folder: folder, options: options, logger: logger)
    }

    private static func session(
        _ superuser: PostgresConfiguration,
        cluster: EmbeddedCluster?,
        logger: Logger
    ) -> Session {
        let coordinator = superuser.with(database: "parley", user: coordinatorLogin)
        return Session(
            coordinator: coordinator,
            worker: superuser.with(database: "parley", user: workerLogin),
            owner: superuser.with(database: "parley"),
            pool: PostgresPool(coordinator, maximum: 4, logger: logger),
            cluster: cluster
        )
    }

    private static func prepare(_ superuser: PostgresConfiguration, logger: Logger) async throws {
        let server = try await PostgresConnection.connect(superuser, logger: logger)
        if try await server.query("select 1 from pg_database where datname = 'parley'").isEmpty {
            try await server.execute(script: "create database parley")
        }
        await server.close()
        let owner = try await PostgresConnection.connect(superuser.with(database: "parley"), logger: logger)
        _ = try await MigrationRunner(QueueSchema.migrations).run(on: owner)
        for (login, group) in [
            (coordinatorLogin, QueueSchema.coordinatorRole), (workerLogin, QueueSchema.workerRole),
        ] {
            if try await owner.query("select 1 from pg_roles where rolname = $1", [.text(login)]).isEmpty {
                try await owner.execute(script: "create role \(login) login in role \(group)")
            }
        }
        // This process holds the folder, so no worker of it lives: what a killed one held is free now, not when its
        // leases end. The rescue does the rest, and the fences guard against a straggler.
        _ = try await owner.query(
            "update parley.workers set lease_expires_at = parley.now() where lease_expires_at > parley.now()"
        )
        // Nor does a coordinator of it.
        _ = try await owner.query("update parley.leadership set expires_at = '-infinity'")
        await owner.close()
    }

    private func checkSchema() async throws {
        let status: MigrationStatus
        do {
            status = try await queue.schemaStatus()
        } catch let error as PostgresError where error.sqlState == "42501" {
            throw ParleyFailure(
                .database,
                "This login reads no tables: \(error)",
                remedy: "A party's login shows what it may see by `parley view`; all else takes a coordinator's."
            )
        }
        try status.requireFit()
    }
}
