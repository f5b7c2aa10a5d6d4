// Other servers that this one, the desk, reads through postgres_fdw; m0019_servers.sql says how. A queue at such a server
// sends the statements that read a round unchanged but for the schema: foreign tables of the same names.

public import ParleyModel
public import ParleyPostgres

/// Another server, as the desk knows it.
public struct KnownServer: Hashable, Sendable {
    /// Lower-case letters, digits and `_`.
    public let name: String
    /// Where it is, for people.
    public let place: String
    /// Times are microseconds since the Unix epoch, by the desk's clock.
    public let addedAtMicros: Int64
    public let addedBy: String
    /// The names of its rounds when it last answered.
    public let rounds: [RoundName]
    public let seenAtMicros: Int64
}

extension CoordinatorQueue {
    /// How long the desk waits for a connection to another server.
    private static let connectSeconds = 5

    /// The servers that are known here, by name.
    public func servers() async throws -> [KnownServer] {
        try await query(.servers).map { row in
            KnownServer(
                name: try row.text("name"),
                place: try row.text("place"),
                addedAtMicros: try row.timestamptz("added_at"),
                addedBy: try row.text("added_by"),
                rounds: try row.textArray("rounds").compactMap { $0.map { RoundName($0) } },
                seenAtMicros: try row.timestamptz("seen_at")
            )
        }
    }

    /// This queue at another server. It reads rounds, and refuses all else.
    public func at(_ server: KnownServer) -> CoordinatorQueue { at(server.name) }

    private func at(_ server: String) -> CoordinatorQueue {
        var queue = self
        queue.foreignSchema = "parley_at_\(server)"
        return queue
    }

    /// Makes a server readable from here, or takes it in anew: its tables are imported, its schema must be of this
    /// version, and no round of it may have the name of one that is known. All or nothing.
    /// - Parameters:
    ///   - configuration: how this server's PostgreSQL reaches it, and as which login there
    ///   - person: who asks for it
    /// - Throws: `ParleyFailure` where it is refused; the server's error where the caller is no superuser
    public func add(server name: String, at configuration: PostgresConfiguration, by person: String) async throws {
        let options = try Self.foreignOptions(configuration)
        let here = try await rounds().map(\.name)
        let others = try await servers().filter { $0.name != name }
        try await pool.transaction { connection in
            _ = try await connection.query(
                CoordinatorStatement.addServer.rawValue,
                [
                    .text(name), .text("\(configuration)"), .textArray(options.map(\.key)),
                    .textArray(options.map(\.value)), .text(configuration.user ?? ""), .text(person),
                ]
            )
            let there = at(name)
            let version = CoordinatorStatement.schemaVersion.rawValue
            let own = try await connection.query(version).only().int64("version")
            let its = try await connection.query(there.located(version)).only().int64("version")
            guard own == its else {
                throw ParleyFailure(
                    .database,
                    "The schema of '\(name)' is of version \(its), the schema here of version \(own).",
                    remedy: "Run `parley migrate` on the older one."
                )
            }
            let rounds = try await connection.query(there.located(CoordinatorStatement.rounds.rawValue))
                .map { RoundName(try $0.text("name")) }
            let known = [("here", here)] + others.map { server in ("on '\(server.name)'", server.rounds) }
            for (place, names) in known {
                if let twice = rounds.first(where: names.contains) { throw Self.twice(twice, [place, "on '\(name)'"]) }
            }
            _ = try await connection.query(
                CoordinatorStatement.sawRounds.rawValue,
                [.text(name), .textArray(rounds.map(\.text))]
            )
        }
    }

    /// Forgets a server. Nothing changes over there.
    /// - Returns: whether it was known
    public func remove(server name: String) async throws -> Bool {
        try await query(.removeServer, [.text(name)]).only().bool("done")
    }

    /// What libpq needs over there, without the login.
    private static func foreignOptions(_ configuration: PostgresConfiguration) throws -> [(key: String, value: String)]
    {
        func refusal(_ message: String, _ remedy: String) -> ParleyFailure {
            ParleyFailure(.invalidInput, message, remedy: remedy)
        }
        if configuration.password != nil {
            throw refusal(
                "The URL holds a password, which would stand in the catalog.",
                "Put it into a passfile that the account of this server's PostgreSQL reads (passfile=/path in the URL, "
                    + "or its ~/.pgpass), or log in by certificate (sslcert, sslkey)."
            )
        }
        guard configuration.host != nil, configuration.user != nil, configuration.database != nil else {
            throw refusal(
                "The URL does not say host, login and database.",
                "Write postgresql://login@host/database: what is left out would follow from this server's environment."
            )
        }
        var keywords = configuration.keywords
        for own in ["user", "application_name"] { keywords[own] = nil }
        if keywords["options"] != nil { throw refusal("The URL has 'options'.", "Leave them out: they are set here.") }
        keywords["connect_timeout"] = String(connectSeconds)
        return keywords.sorted { $0.key < $1.key }
    }

    static func twice(_ round: RoundName, _ places: [String]) -> ParleyFailure {
        ParleyFailure(
            .invalidInput,
            "There are two rounds named '\(round)': \(places.joined(separator: " and ")).",
            remedy:
                "A name means one round over all servers: submit one of them under another name, or remove a server."
        )
    }
}
