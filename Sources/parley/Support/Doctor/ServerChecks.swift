// Whether a server's settings suit this load: what can lose finished work, stop a round, or write down what nobody should
// read. The settings that Parley wants, with their reasons, are deploy/postgresql/parley.conf.

import ParleyPostgres

struct ServerChecks {
    /// The share of the server's connections, in percent, above which a warning is given.
    private static let connectionShare: Int64 = 80

    private let settings: [String: String]
    /// What is no setting: see `facts`.
    private let row: PostgresRow

    /// All checks of the server that a connection leads to.
    static func all(_ connection: PostgresConnection) async throws -> [HealthCheck] {
        var settings: [String: String] = [:]
        for row in try await connection.query("select name, setting from pg_settings") {
            settings[try row.text("name")] = try row.text("setting")
        }
        let row = try await connection.query(facts).only()
        let checks = ServerChecks(settings: settings, row: row)
        return try [
            checks.writable(), checks.durability(), checks.archive(), checks.log(), checks.transport(),
            checks.connections(), checks.openTransactions(), checks.vacuum(),
        ]
    }

    private static let facts = """
        select pg_is_in_recovery() as is_replica, inet_server_addr() is null as is_local,
            coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false) as is_encrypted,
            (select count(*) from pg_stat_activity where backend_type = 'client backend') as connections,
            coalesce((select last_failed_time > coalesce(last_archived_time, '-infinity') from pg_stat_archiver), false)
                as archive_fails
        """

    private func isOn(_ name: String) -> Bool { settings[name] == "on" }
    private func number(_ name: String) -> Int64 { settings[name].flatMap { Int64($0) } ?? 0 }
    private func isSet(_ name: String) -> Bool { !(settings[name] ?? "").isEmpty && settings[name] != "(disabled)" }

    private func writable() throws -> HealthCheck {
        guard try row.bool("is_replica") else { return .ok("writable", "the server takes writes") }
        return .failed(
            "writable",
            "the server is a replica: nothing can be claimed or recorded here",
            remedy: "name the primary; with two hosts in the URL, add target_session_attrs=read-write"
        )
    }

    private func durability() -> HealthCheck {
        let off = ["fsync", "full_page_writes", "synchronous_commit"].filter { settings[$0] == "off" }
        guard off.isEmpty else {
            return .failed(
                "durability",
                "\(off.joined(separator: ", ")) \(off.count == 1 ? "is" : "are") off: a crash loses finished jobs"
                    + (off == ["synchronous_commit"] ? "" : ", and can destroy the database"),
                remedy: "switch it on; claims do without by themselves, and nothing else may"
            )
        }
        guard isOn("data_checksums") else {
            return .warning(
                "durability",
                "there are no data checksums: a damaged page is read as if it were whole",
                remedy: "stop the server and run pg_checksums --enable"
            )
        }
        return .ok("durability", "commits are flushed to disk, pages have checksums")
    }

    private func archive() throws -> HealthCheck {
        guard settings["archive_mode"] != "off", isSet("archive_command") || isSet("archive_library") else {
            return .warning(
                "archive",
                "the write-ahead log is not archived: after a loss, all since the last backup is gone and paid again",
                remedy: "set archive_mode and archive_command, see deploy/postgresql"
            )
        }
        guard try !row.bool("archive_fails") else {
            return .failed(
                "archive",
                "the write-ahead log could not be archived when last tried; it stays and fills the disk",
                remedy: "mend what archive_command does; the server's log has its output"
            )
        }
        return .ok("archive", "the write-ahead log is archived")
    }

    private func log() -> HealthCheck {
        let logsStatements =
            number("log_min_duration_statement") >= 0 || number("log_min_duration_sample") >= 0
            || settings["log_transaction_sample_rate"] != "0" || ["mod", "all"].contains(settings["log_statement"])
        var leaks: [String] = []
        if logsStatements, number("log_parameter_max_length") != 0 { leaks.append("log_parameter_max_length = 0") }
        if number("log_parameter_max_length_on_error") != 0 { leaks.append("log_parameter_max_length_on_error = 0") }
        if settings["log_error_verbosity"] != "terse" { leaks.append("log_error_verbosity = terse") }
        guard !leaks.isEmpty else { return .ok("server log", "it holds no values of statements and rows") }
        return .warning(
            "server log",
            "the server's log may hold prompts and answers: values of parameters, or rows that were refused",
            remedy: "set \(leaks.joined(separator: ", "))"
        )
    }

    private func transport() throws -> HealthCheck {
        if try row.bool("is_encrypted") { return .ok("transport", "the connection is encrypted") }
        if try row.bool("is_local") { return .ok("transport", "the connection does not leave this machine") }
        return .warning(
            "transport",
            "the connection is not encrypted: samples and transcripts can be read on the way",
            remedy: "set ssl on the server, hostssl in pg_hba.conf, and sslmode=verify-full in the URL"
        )
    }

    private func connections() throws -> HealthCheck {
        let used = try row.int64("connections")
        let most = number("max_connections") - number("superuser_reserved_connections")
        let message = "\(used) of \(most) connections are taken"
        guard used * 100 > most * Self.connectionShare else { return .ok("connections", message) }
        return .warning(
            "connections",
            message,
            remedy: "raise max_connections (7 a worker, 12 a coordinator), or run fewer and larger workers"
        )
    }

    private func openTransactions() -> HealthCheck {
        let limit = number("idle_in_transaction_session_timeout")
        if limit > 0 { return .ok("open transactions", "one that is left open is ended after \(limit / 1000) s") }
        return .warning(
            "open transactions",
            "one that is left open is never ended: it keeps dead rows, and whoever waits for its locks",
            remedy: "set idle_in_transaction_session_timeout = 60s"
        )
    }

    private func vacuum() -> HealthCheck {
        if isOn("autovacuum"), isOn("track_counts") { return .ok("vacuum", "autovacuum is on") }
        return .failed(
            "vacuum",
            "autovacuum is off: the queue's tables grow, and in the end the server stops",
            remedy: "set autovacuum and track_counts"
        )
    }
}
