// Whether a shared database can be used: reachable, new enough, migrated, with a role that may, with a clock that agrees
// with ours, and with settings that suit.

import Foundation
import Logging
import ParleyModel
import ParleyPostgres
import ParleyQueue

struct DatabaseChecks {
    /// The oldest server that Parley's SQL runs on, as libpq counts versions.
    static let oldestServer: Int32 = 150_000
    /// The difference of clocks above which a warning is given, in microseconds.
    static let clockTolerance: Int64 = 2_000_000

    private let connection: PostgresConnection

    static func all(_ configuration: PostgresConfiguration, logger: Logger) async -> [HealthCheck] {
        do {
            let connection = try await PostgresConnection.connect(configuration, logger: logger)
            let checks = await DatabaseChecks(connection: connection).run()
            await connection.close()
            return [.ok("database", "reachable")] + checks
        } catch {
            let remedy = "check the URL, the network, and pg_hba.conf on the server"
            return [.failed("database", "\(error)", remedy: remedy)]
        }
    }

    private func run() async -> [HealthCheck] {
        var checks = [await version()]
        let steps: [(String, (String) async throws -> HealthCheck)] = [
            ("schema", schema), ("role", role), ("clock", clock),
        ]
        for (name, step) in steps {
            do {
                checks.append(try await step(name))
            } catch {
                checks.append(.failed(name, "\(error)", remedy: "check what the role may do on the server"))
            }
        }
        do {
            checks += try await ServerChecks.all(connection)
        } catch {
            checks.append(.failed("settings", "\(error)", remedy: "check what the role may do on the server"))
        }
        return checks
    }

    private func version() async -> HealthCheck {
        let number = await connection.serverVersion
        let text = "PostgreSQL \(number / 10_000).\(number % 10_000)"
        guard number < Self.oldestServer else { return .ok("server version", text) }
        return .failed("server version", text, remedy: "use PostgreSQL 15 or later")
    }

    private func schema(_ name: String) async throws -> HealthCheck {
        let status = try await MigrationRunner(QueueSchema.migrations).status(on: connection)
        do {
            try status.requireKnown()
        } catch {
            return .failed(name, error.message, remedy: error.remedy ?? "see the message")
        }
        let beyond = status.newer.isEmpty ? "" : ", and \(status.newer.count) newer that serve this program as well"
        let message = "\(status.applied.count) of \(QueueSchema.version) migrations are applied\(beyond)"
        guard status.pending.isEmpty else { return .failed(name, message, remedy: "run `parley migrate`") }
        return .ok(name, message)
    }

    private func role(_ name: String) async throws -> HealthCheck {
        let groups = [QueueSchema.coordinatorRole, QueueSchema.workerRole]
        var memberships: [String] = []
        var found = 0
        for group in groups {
            // A role that does not exist is asked for by its oid, since pg_has_role by name would be an error.
            let rows = try await connection.query(
                "select pg_has_role(oid, 'member') as member from pg_roles where rolname = $1",
                [.text(group)]
            )
            found += rows.count
            if let row = rows.first, try row.bool("member") { memberships.append(group) }
        }
        let user = try await connection.query("select current_user::text as name").only().text("name")
        guard memberships.isEmpty else { return .ok(name, "\(user) is in \(memberships.joined(separator: ", "))") }
        guard found == groups.count else {
            return .failed(name, "the roles of Parley are not on this server", remedy: "run `parley migrate`")
        }
        return .failed(
            name,
            "\(user) is neither in \(groups.joined(separator: " nor in "))",
            remedy: "as the owner: grant \(groups[0]) to the coordinator's role, \(groups[1]) to the worker's"
        )
    }

    private func clock(_ name: String) async throws -> HealthCheck {
        let before = Self.now
        let server = try await connection.query("select clock_timestamp() as now").only().timestamptz("now")
        let difference = server - (before + Self.now) / 2
        let message = "the server's differs from ours by \(Double(difference / 1000) / 1000) s"
        guard abs(difference) > Self.clockTolerance else { return .ok(name, message) }
        return .warning(name, message, remedy: "set both by NTP; leases go by the server's clock")
    }

    /// Microseconds since 1970-01-01 UTC.
    private static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1_000_000) }
}
