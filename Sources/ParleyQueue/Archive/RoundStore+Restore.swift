// Taking a round in. Each table is copied into a temporary one and inserted from there under the numbers that this
// server gives; what grows with jobs goes into tables of its own, whose indexes are built once when they are attached.

public import ParleyModel
import ParleyPostgres

extension RoundStore {
    /// Who a round is that comes, and from where.
    public struct Arrival: Sendable {
        public let name: RoundName
        /// Its number where it was.
        public let number: RoundID
        public let definitionHash: ContentHash
        /// The archive that holds it.
        public let archive: ContentHash
        /// From where, in words for people.
        public let from: String

        public init(
            name: RoundName,
            number: RoundID,
            definitionHash: ContentHash,
            archive: ContentHash,
            from: String
        ) {
            self.name = name
            self.number = number
            self.definitionHash = definitionHash
            self.archive = archive
            self.from = from
        }
    }

    /// Takes in a round in one transaction; it stays `arriving`, and nothing of it is claimed, unless `settledBy` says
    /// who has it settled as well.
    ///
    /// - Parameters:
    ///   - tables: as they were copied, in the same order
    ///   - next: gives the chunks of the table that it is asked for, one after the other, and nil at its end
    /// - Returns: its number here
    /// - Throws: `invalidInput` where the round is here already, another one has its name, or the ledgers have parted
    public nonisolated(nonsending) func restore(
        _ arrival: Arrival,
        _ tables: [CopiedTable],
        settledBy authority: CoordinatorQueue.Authority? = nil,
        next: nonisolated(nonsending) (CopiedTable) async throws -> [UInt8]?
    ) async throws -> RoundID {
        guard tables.map(\.name) == RoundTable.all.map(\.name) else {
            throw ParleyFailure(.unreadable, "The archive's tables are not those of this program.")
        }
        return try await connection.transaction { _ in
            let former = try await known(arrival.name)
            try Self.check(former, arrival)
            let round: RoundID
            if let former {
                round = former.id
                try await empty(round)
            } else {
                let fresh = "select nextval(pg_get_serial_sequence('parley.rounds', 'id'))"
                round = RoundID(try await connection.query(fresh).only().int64(0))
            }
            try await connection.execute(
                script: """
                    create temp table renumbered (kind text, former bigint, fresh bigint, primary key (kind, former))
                    on commit drop
                    """
            )
            for (table, copied) in zip(RoundTable.all, tables) {
                try await take(table, copied, arrival, as: round, isKnown: former != nil) { try await next(copied) }
            }
            try await connection.execute(
                script: """
                    select parley.attach_tables(\(round));
                    insert into parley.limits (account, model)
                    select distinct s.account, s.model from parley.streams s where s.round_id = \(round)
                    on conflict do nothing
                    """
            )
            try await checkLedger(round)
            if let authority { try await arrive(round, arrival, authority) }
            return round
        }
    }

    /// Settles a round that has arrived: from now on it is here.
    public func settle(_ round: RoundID, _ arrival: Arrival, by authority: CoordinatorQueue.Authority) async throws {
        try await connection.transaction { _ in try await arrive(round, arrival, authority) }
    }

    private func arrive(_ round: RoundID, _ arrival: Arrival, _ authority: CoordinatorQueue.Authority) async throws {
        try await settle(round, .here)
        try await record(round, "arrived", "from \(arrival.from), archive \(arrival.archive)", authority)
        _ = try await connection.query(
            "select pg_notify($1, $2)",
            [.text(QueueSchema.jobsChannel), .text(round.description)]
        )
    }

    private static func check(_ former: Known?, _ arrival: Arrival) throws(ParleyFailure) {
        guard let former else { return }
        guard former.definitionHash == arrival.definitionHash else {
            throw ParleyFailure(
                .invalidInput,
                "There is another round named '\(arrival.name)' here: its definition is \(former.definitionHash), the "
                    + "archive's \(arrival.definitionHash)."
            )
        }
        guard former.presence != .here, former.presence != .leaving else {
            throw ParleyFailure(
                .invalidInput,
                "Round '\(arrival.name)' is here already.",
                remedy: "`parley drop` removes what is here, `parley round list` says where rounds are."
            )
        }
    }

    private nonisolated(nonsending) func take(
        _ table: RoundTable,
        _ copied: CopiedTable,
        _ arrival: Arrival,
        as round: RoundID,
        isKnown: Bool,
        _ next: nonisolated(nonsending) () async throws -> [UInt8]?
    ) async throws {
        guard try await columns(of: table) == copied.columns else {
            throw ParleyFailure(.unreadable, "Table \(table.name) of the archive has other columns than this schema's.")
        }
        let stage = "pg_temp.arriving_\(table.name)"
        let columns = copied.columns.joined(separator: ", ")
        // As a query, which takes the columns and leaves what is required of them, and computed, to the table itself.
        try await connection.execute(
            script: "create temp table arriving_\(table.name) as select \(columns) from parley.\(table.name) limit 0"
        )
        let rows = try await connection.copyIn("copy \(stage) (\(columns)) from stdin (format binary)", next)
        guard rows == copied.rows else {
            throw ParleyFailure(.unreadable, "Table \(table.name) has \(rows) rows, the manifest says \(copied.rows).")
        }
        if table.name == "ledger" { try await checkFork(round, arrival.name) }
        for statement in table.insertion(copied.columns, from: stage, arrival.number, as: round, isKnown: isKnown) {
            try await connection.execute(script: statement)
        }
        if table.name == "rounds" {
            try await settle(round, .arriving, elsewhere: "from \(arrival.from)", archive: arrival.archive)
        }
        try await connection.execute(script: "drop table \(stage)")
    }

    /// The ledger here must end where the archive's does, or before it; but for entries that say that it was archived
    /// and dropped. An archive that is older would bring back what was withdrawn since.
    private func checkFork(_ round: RoundID, _ name: RoundName) async throws {
        let later = try await connection.query(
            """
            select l.sequence, l.what from parley.ledger l
            where l.round_id = $1 and l.what not in ('archived', 'dropped')
                and l.sequence > (select max(t.sequence) from pg_temp.arriving_ledger t)
            order by l.sequence limit 1
            """,
            [.int64(round.rawValue)]
        ).first
        if let later {
            throw ParleyFailure(
                .invalidInput,
                "The archive of round '\(name)' is older than the ledger here: entry \(try later.int64(0)), "
                    + "'\(try later.text(1))', came after it.",
                remedy: "`parley round list` names the archive that holds what was here."
            )
        }
        let fork = try await connection.query(
            """
            select min(l.sequence) from pg_temp.arriving_ledger t
                join parley.ledger l on l.round_id = $1 and l.sequence = t.sequence
            where l.hash <> t.hash
            """,
            [.int64(round.rawValue)]
        ).only().int64OrNil(0)
        guard let fork else { return }
        throw ParleyFailure(
            .invalidInput,
            "The ledger of round '\(name)' here and the archive's part at entry \(fork): both went on, apart.",
            remedy: "Restore the archive into another database to look at it."
        )
    }

    private func checkLedger(_ round: RoundID) async throws {
        let wrong = try await connection.query(
            """
            select count(*) from (
                select l.hash <> parley.ledger_hash(
                        r.name, l.sequence, l.at, l.who, l.what, l.subject, l.why, l.previous)
                    or l.sequence <> row_number() over (order by l.sequence)
                    or l.previous <> lag(l.hash, 1, parley.ledger_genesis(r.name)) over (order by l.sequence) as wrong
                from parley.ledger l join parley.rounds r on r.id = l.round_id where l.round_id = $1
            ) x where x.wrong
            """,
            [.int64(round.rawValue)]
        ).only().int64(0)
        if wrong > 0 { throw ParleyFailure(.verification, "The archive's ledger is no chain: \(wrong) entries.") }
    }
}

extension RoundTable {
    /// The statements that take in the rows of `stage`.
    func insertion(
        _ columns: [String],
        from stage: String,
        _ former: RoundID,
        as round: RoundID,
        isKnown: Bool
    ) -> [String] {
        if name == "rounds", isKnown {
            return [
                """
                update parley.rounds r set state = t.state, finished_at = t.finished_at, presence = 'arriving'
                from \(stage) t where r.id = \(round)
                """
            ]
        }
        let target = stay == .partition ? "parley_rounds.\(name)_\(round)" : "parley.\(name)"
        let values = columns.map { value(of: $0, former, round) }.joined(separator: ", ")
        let ends = stay == .stays ? " on conflict do nothing" : ""
        // The round's own table is made here, before it has an index.
        let made = stay == .partition ? ["select parley.round_table('\(name)', \(round))"] : []
        let theirs = "delete from \(target) t where \(rows.replacing("$", with: round.description))"
        let cleared = stay == .replaced ? [theirs] : []
        return made + cleared + renumbering(stage, former, round) + [
            """
            insert into \(target) (\(columns.joined(separator: ", "))) overriding system value
            select \(values) from \(stage) t\(ends)
            """
        ]
    }

    private func value(of column: String, _ former: RoundID, _ round: RoundID) -> String {
        if name == "rounds", column == "presence" { return "'arriving'" }
        let fresh = { (kind: String) in
            "(select m.fresh from pg_temp.renumbered m where m.kind = '\(kind)' and m.former = t.\(column))"
        }
        return switch renumbering(of: column) {
        case .round: "\(round)"
        case .job: "t.\(column) + \(Self.shift(former, round))"
        case .stream: fresh("streams")
        case .budget: fresh("budgets")
        case .label: fresh("labels")
        case .nobody: "0"
        case nil: "t.\(column)"
        }
    }

    /// Gives fresh numbers to what has numbers of its own. A label that is here keeps the one that it has.
    private func renumbering(_ stage: String, _ former: RoundID, _ round: RoundID) -> [String] {
        guard ["streams", "budgets", "labels"].contains(name) else { return [] }
        let fresh = "nextval(pg_get_serial_sequence('parley.\(name)', 'id'))"
        let here = """
            (select l.id from parley.labels l
             where l.round_id = \(round) and l.job_id = t.job_id + \(Self.shift(former, round)) and l.author = t.author
                and l.at = t.at)
            """
        return [
            """
            insert into pg_temp.renumbered (kind, former, fresh)
            select '\(name)', t.id, \(name == "labels" ? "coalesce(\(here), \(fresh))" : fresh)
            from (select * from \(stage) order by id) t
            """
        ]
    }

    private static func shift(_ former: RoundID, _ round: RoundID) -> String {
        "(\(round.rawValue - former.rawValue)::bigint * (1::bigint << 36))"
    }
}
