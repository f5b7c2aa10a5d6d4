// A database of a test's own, copied from a template that holds the migrated schema, so that tests run side by side
// and each starts empty within milliseconds.

public import ParleyPostgres

/// A fresh database on the shared test server.
public struct TestDatabase: Sendable {
    /// The database's name on the server.
    public let name: String
    /// How to connect as the superuser.
    public let superuser: PostgresConfiguration

    /// A database that a test made itself, on a server of its own.
    public init(name: String, superuser: PostgresConfiguration) {
        self.name = name
        self.superuser = superuser
    }

    /// How to connect as another role; the role must be one that `TestCluster` admits.
    public func configuration(role: String) -> PostgresConfiguration { superuser.with(user: role) }

    /// Makes a database with a migrated schema.
    /// - Parameter migrations: applied once per process; the database is a copy of the result
    public static func fresh(migrations: [Migration] = []) async throws -> TestDatabase {
        let server = try await TestCluster.shared.superuser()
        let name = try await Templates.shared.copy(of: migrations, server)
        return TestDatabase(name: name, superuser: server.with(database: name))
    }

    /// Connects as the superuser.
    public func connect() async throws -> PostgresConnection { try await PostgresConnection.connect(superuser) }

    /// Connects as a role.
    public func connect(role: String) async throws -> PostgresConnection {
        try await PostgresConnection.connect(configuration(role: role))
    }
}

/// The templates of this process, by their migrations.
private actor Templates {
    static let shared = Templates()

    private var ready: [[Migration]: Task<String, any Error>] = [:]
    private let prefix = "parley_test_\(UInt32.random(in: 0 ... .max))"
    private var made = 0

    func copy(of migrations: [Migration], _ server: PostgresConfiguration) async throws -> String {
        let template = try await template(migrations, server)
        made += 1
        let name = "\(prefix)_\(made)"
        let connection = try await PostgresConnection.connect(server)
        try await connection.execute(script: "create database \(name) template \(template)")
        await connection.close()
        return name
    }

    private func template(_ migrations: [Migration], _ server: PostgresConfiguration) async throws -> String {
        if let task = ready[migrations] { return try await task.value }
        let name = "\(prefix)_template_\(ready.count)"
        let task = Task {
            let outer = try await PostgresConnection.connect(server)
            try await outer.execute(script: "create database \(name)")
            let inner = try await PostgresConnection.connect(server.with(database: name))
            _ = try await MigrationRunner(migrations).run(on: inner)
            await inner.close()
            // The server notices a closed session a little later; a database in use cannot be a template.
            while try await outer.query(
                "select 1 from pg_stat_activity where datname = $1",
                [.text(name)]
            ).count > 0 {
                await Task.yield()
            }
            await outer.close()
            return name
        }
        ready[migrations] = task
        return try await task.value
    }
}
