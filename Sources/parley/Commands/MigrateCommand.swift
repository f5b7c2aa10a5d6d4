// parley migrate: bring a shared database's schema up to date.

import ArgumentParser
import ParleyModel
import ParleyPostgres
import ParleyQueue

struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Bring the schema of a shared database up to date.",
        discussion: """
            Connect as a superuser, or as a role that may create roles and schemas. The private PostgreSQL of a state \
            folder is kept up to date by itself.

            Examples:
              parley migrate --database postgresql://postgres@host/parley --dry-run
              parley migrate --database postgresql://postgres@host/parley
            """
    )

    @Flag(help: "Only list what is pending.")
    var dryRun = false
    @Flag(help: "Print as JSON.")
    var json = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    private struct Step: Encodable {
        let version: Int
        let name: String
        let applied: Bool
    }

    func run() async throws {
        guard let configuration = try database.shared() else {
            throw ParleyFailure(
                .invalidInput,
                "No database is named.",
                remedy: "Give --database URL or PARLEY_DATABASE_URL; a state folder needs no migration by hand."
            )
        }
        let runner = try MigrationRunner(QueueSchema.migrations)
        let connection = try await PostgresConnection.connect(configuration, logger: log.logger("parley.migrate"))
        let status = try await runner.status(on: connection)
        try status.requireKnown()
        let steps = dryRun ? status.pending : try await runner.run(on: connection)
        await connection.close()
        if json {
            return try Console.json(steps.map { Step(version: $0.version, name: $0.name, applied: !dryRun) })
        }
        for step in steps { Console.print("\(dryRun ? "pending" : "applied")  \(step.version)  \(step.name)") }
        if steps.isEmpty { Console.print("Nothing is pending: \(status.applied.count) migrations are applied.") }
    }
}
