// A round's rows as a whole, for whoever owns the database: copied out, taken in, removed. This is the one place beside
// the schema's functions that writes records, so it connects as a member of `parley_owner`, as `parley migrate` does;
// no daemon is one.
//
// Invariant: each step is one transaction, and a round's presence says what it is between two. Record: RoundsComeAndGo.
//
//     here ──▶ leaving ──▶ moved ─┐             (the server that it leaves)
//       │ ▲                       ├──▶ arriving ──▶ here
//       │ └── given up            │             (the server to which it comes; without a row at first)
//       └──────▶ dropped ─────────┘

public import Logging
public import ParleyModel
public import ParleyPostgres

/// One owner's session that deals with whole rounds.
public struct RoundStore: Sendable {
    let connection: PostgresConnection
    /// The server and the database, in words for people.
    public let place: String

    /// Connects as a login that may act as the schema's owner, for as long as the body runs.
    /// - Throws: `database` where it may not
    public static func use<Result>(
        _ configuration: PostgresConfiguration,
        logger: Logger,
        _ body: nonisolated(nonsending) (RoundStore) async throws -> Result
    ) async throws -> Result {
        let store = try await open(configuration, logger: logger)
        do {
            let result = try await body(store)
            await store.connection.close()
            return result
        } catch {
            await store.connection.close()
            throw error
        }
    }

    static func open(_ configuration: PostgresConfiguration, logger: Logger) async throws -> RoundStore {
        let connection = try await PostgresConnection.connect(configuration, logger: logger)
        do {
            try await connection.execute(script: "set role parley_owner")
        } catch {
            await connection.close()
            throw ParleyFailure(
                .database,
                "This login may not take in or remove rounds: \(error)",
                remedy: "Use the one that runs `parley migrate`, or another member of parley_owner."
            )
        }
        let port = configuration.port.map { ":\($0)" } ?? ""
        let place = "\(configuration.database ?? "") on \(configuration.host ?? "a local socket")\(port)"
        return RoundStore(connection: connection, place: place)
    }

    /// Where a round's rows are; the words of the schema.
    public enum Presence: String, Sendable, Codable {
        case here, leaving, arriving, moved, dropped
    }

    /// A round that the database knows, whether its rows are there or not.
    public struct Known: Sendable {
        public let id: RoundID
        public let name: RoundName
        public let state: RoundState
        public let definitionHash: ContentHash
        public let presence: Presence
        /// Of one that is not here: to or from which database, or what holds it.
        public let elsewhere: String
        public let archive: ContentHash?

        init(_ row: PostgresRow) throws {
            guard let state = RoundState(rawValue: try row.text("state")),
                let presence = Presence(rawValue: try row.text("presence"))
            else { throw ParleyFailure(.database, "The database holds a state that this program does not know.") }
            id = RoundID(try row.int64("id"))
            name = RoundName(try row.text("name"))
            self.state = state
            definitionHash = try ContentHash(stored: row.bytea("definition_hash"))
            self.presence = presence
            elsewhere = try row.text("elsewhere")
            archive = try row.byteaOrNil("archive_hash").map { try ContentHash(stored: $0) }
        }
    }

    static let knownColumns = "id, name, state, definition_hash, presence, elsewhere, archive_hash"

    /// The round of this name, nil where the database does not know it.
    public func known(_ name: RoundName) async throws -> Known? {
        try await connection.query(
            "select \(Self.knownColumns) from parley.rounds where name = $1",
            [.text(name.text)]
        ).first.map { try Known($0) }
    }

    /// The names of a table's columns that hold something of their own.
    func columns(of table: RoundTable) async throws -> [String] {
        try await connection.query(
            """
            select attname::text from pg_attribute
            where attrelid = $1::text::regclass and attnum > 0 and not attisdropped and attgenerated = ''
            order by attnum
            """,
            [.text("parley.\(table.name)")]
        ).map { try $0.text(0) }
    }

    /// How many of a round's jobs somebody holds.
    public func held(_ round: RoundID) async throws -> Int {
        Int(
            try await connection.query(
                """
                select (select count(*) from parley.jobs j
                        where j.id >= $1 << 36 and j.id < ($1 + 1) << 36 and j.worker_id is not null)
                    + (select coalesce(sum(bit_count(b.open::bit(64))), 0)::bigint from parley.blocks b
                       where b.first >= $1 << 36 and b.first < ($1 + 1) << 36)
                """,
                [.int64(round.rawValue)]
            ).only().int64(0)
        )
    }

    /// Changes a round's presence, and says so in its ledger where `entry` is something.
    func settle(
        _ round: RoundID,
        _ presence: Presence,
        elsewhere: String = "",
        archive: ContentHash? = nil
    ) async throws {
        _ = try await connection.query(
            "update parley.rounds set presence = $2, elsewhere = $3, archive_hash = $4 where id = $1",
            [
                .int64(round.rawValue), .text(presence.rawValue), .text(elsewhere),
                archive.map { .bytea($0.bytes) } ?? .null(.bytea),
            ]
        )
    }

    /// Adds an entry to the round's ledger.
    func record(
        _ round: RoundID,
        _ what: String,
        _ subject: String,
        _ authority: CoordinatorQueue.Authority
    ) async throws {
        _ = try await connection.query(
            "select parley.chain($1, parley.now(), $2, $3, $4, $5)",
            [
                .int64(round.rawValue), .text(authority.actor.storable(bytes: 256)), .text(what),
                .text(subject.storable(bytes: 1024)), .text(authority.reason.storable(bytes: 2048)),
            ]
        )
    }
}
