// parley migrate: bring a shared database's schema up to date, or back.

import ArgumentParser
import ParleyModel
import ParleyPostgres
import ParleyQueue

struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Bring the schema of a shared database up to date, or back.",
        discussion: """
            Connect as a superuser, or as a role that may create roles and schemas. The private PostgreSQL of a state \
            folder is kept up to date by itself.

            Workers and coordinators may run meanwhile. Each step says from which schema on their programs go on; one \
            that takes away what a living worker's program uses is refused and names the worker. A step waits half a \
            second at most for a lock and is tried again for a minute. Migrate first, then start the new programs.

            Examples:
              parley migrate --database postgresql://postgres@host/parley --dry-run
              parley migrate --database postgresql://postgres@host/parley
              parley migrate --database postgresql://postgres@host/parley --to 17
            """
    )

    @Option(help: ArgumentHelp("Apply or undo what leads to this version. Default: the newest.", valueName: "version"))
    var to: Int?
    @Flag(help: "Only list what would be done.")
    var dryRun = false
    @Flag(help: "Print as JSON.")
    var json = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    private struct Step: Encodable {
        let version: Int
        let name: String
        /// Whether it was, or would be, undone.
        let undo: Bool
        let done: Bool
        /// The oldest schema whose programs go on after it.
        let serves: Int
        let canBeUndone: Bool

        init(_ step: MigrationStep, done: Bool) {
            version = step.migration.version
            name = step.migration.name
            undo = step.isUndo
            self.done = done
            serves = step.migration.least
            canBeUndone = step.migration.undo != nil
        }

        var line: String {
            let verb = undo ? (done ? "undone " : "to undo") : (done ? "applied" : "pending")
            if undo { return "\(verb)  \(version)  \(name)" }
            let served = serves < version ? "serves programs from schema \(serves) on" : "serves no older program"
            let back = canBeUndone ? "--to \(version - 1) undoes it" : "cannot be undone: back up before it"
            return "\(verb)  \(version)  \(name): \(served); \(back)"
        }
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
        let steps = dryRun ? try runner.steps(from: status, to: to) : try await runner.run(on: connection, to: to)
        await connection.close()
        let lines = steps.map { Step($0, done: !dryRun) }
        if json { return try Console.json(lines) }
        for step in lines { Console.print(step.line) }
        if lines.isEmpty { Console.print("Nothing is pending: \(status.applied.count) migrations are applied.") }
    }
}
