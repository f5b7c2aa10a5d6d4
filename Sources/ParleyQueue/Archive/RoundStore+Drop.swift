// Removing a round's rows. What is small goes by delete in the transaction that says so; what grows with jobs is in
// tables of the round's own, which are detached and dropped after it, while nobody waits. What that leaves behind when it
// is cut off is removed by whoever comes next.

public import ParleyModel
import ParleyPostgres

extension RoundStore {
    /// Holds a round for a move: from now on nothing of it is claimed. May be repeated.
    public func hold(_ round: RoundID, to place: String, by authority: CoordinatorQueue.Authority) async throws {
        try await connection.transaction { _ in
            guard let known = try await locked(round) else { return }
            if known.presence == .leaving, known.elsewhere == "to \(place)" { return }
            try require(known, .here)
            try await record(round, "leaving", "to \(place)", authority)
            try await settle(round, .leaving, elsewhere: "to \(place)")
        }
    }

    /// Lets a round that was held go on here.
    public func release(_ round: RoundID, by authority: CoordinatorQueue.Authority) async throws {
        try await connection.transaction { _ in
            guard let known = try await locked(round), known.presence == .leaving else { return }
            try await settle(round, .here)
            try await record(round, "stayed", "not moved \(known.elsewhere)", authority)
        }
    }

    /// Takes back what workers hold of a round; they learn of it by their next heartbeat.
    public func takeBack(_ round: RoundID) async throws {
        _ = try await connection.query(
            """
            select parley.take_back(
                array(select s.id from parley.streams s where s.round_id = $1), null, 'the round is moved')
            """,
            [.int64(round.rawValue)]
        )
    }

    /// Why a round's rows are removed.
    public enum Removal: Sendable {
        /// It is at another place now; it was held before.
        case moved(to: String, archive: ContentHash)
        /// It is in an archive, or given up.
        case dropped(archive: ContentHash?, by: CoordinatorQueue.Authority)
    }

    /// Removes a round's rows, all but what was agreed and said: round, ledger, signatures, amendments, labels.
    /// - Parameter tables: what was archived; nothing goes where there is more or less of it now
    /// - Throws: `invalidInput` where the round runs or is not here, `incomplete` where it changed since
    public func remove(_ round: RoundID, _ removal: Removal, archived tables: [CopiedTable]?) async throws {
        try await connection.transaction { _ in
            guard let known = try await locked(round) else { return }
            switch removal {
            case .moved: try require(known, .leaving)
            case .dropped:
                try require(known, .here)
                guard known.state != .running, known.state != .grading else {
                    throw ParleyFailure(
                        .invalidInput,
                        "Round '\(known.name)' is \(known.state.rawValue): it is not removed.",
                        remedy: "End it with `parley cancel`, or take it elsewhere with `parley move`."
                    )
                }
            }
            if let tables { try await compare(known, tables) }
            switch removal {
            case .moved(let place, let archive):
                try await settle(round, .moved, elsewhere: "to \(place)", archive: archive)
            case .dropped(let archive, let authority):
                let what = archive.map { "archive \($0)" } ?? "without an archive"
                try await record(round, "dropped", what, authority)
                try await settle(round, .dropped, elsewhere: what, archive: archive)
            }
            try await deleteRows(round)
        }
        try await sweep()
    }

    /// Removes what arrived of a round that does not come after all.
    public func discard(_ round: RoundID) async throws {
        try await connection.transaction { _ in
            guard let known = try await locked(round), known.presence == .arriving else { return }
            try await settle(round, .moved, elsewhere: known.elsewhere, archive: known.archive)
            try await deleteRows(round)
        }
        try await sweep()
    }

    /// Detaches and drops the tables of rounds that are no longer here. Neither claims nor commits wait for it.
    public func sweep() async throws {
        let left = try await connection.query(
            """
            select c.relname::text as name, p.relname::text as parent, coalesce(i.inhdetachpending, false) as pending
            from pg_class c
                left join pg_inherits i on i.inhrelid = c.oid
                left join pg_class p on p.oid = i.inhparent
            where c.relnamespace = 'parley_rounds'::regnamespace and c.relkind = 'r'
                and substring(c.relname from '_([0-9]+)$')::bigint in (
                    select r.id from parley.rounds r where r.presence in ('moved', 'dropped'))
            order by 1
            """
        )
        for row in left {
            let table = "parley_rounds." + (try row.text("name"))
            if let parent = try row.textOrNil("parent") {
                try await connection.execute(
                    script: "alter table parley.\(parent) detach partition \(table) "
                        + (try row.bool("pending") ? "finalize" : "concurrently")
                )
            }
            try await connection.execute(script: "drop table \(table)")
        }
    }

    /// Empties what is left of a round whose rows are to come anew.
    func empty(_ round: RoundID) async throws {
        try await deleteRows(round)
        for table in RoundTable.all where table.stay == .partition {
            let name = "parley_rounds.\(table.name)_\(round)"
            let found = try await connection.query("select to_regclass($1) is not null", [.text(name)]).only().bool(0)
            if found { try await connection.execute(script: "truncate \(name)") }
        }
    }

    private func deleteRows(_ round: RoundID) async throws {
        let streams = "(select s.id from parley.streams s where s.round_id = \(round))"
        var script = """
            delete from parley.charges where stream_id in \(streams);
            delete from parley.reserves where budget_id in (
                select b.id from parley.budgets b where b.round_id = \(round));
            """
        for table in RoundTable.all.reversed() where table.stay == .goes {
            let rows = table.rows.replacing("$", with: round.description)
            script += "delete from parley.\(table.name) t where \(rows);\n"
        }
        try await connection.execute(script: script)
    }

    /// The round, locked against any change of its ledger and state.
    private func locked(_ round: RoundID) async throws -> Known? {
        try await connection.query(
            "select \(Self.knownColumns) from parley.rounds where id = $1 for no key update",
            [.int64(round.rawValue)]
        ).first.map { try Known($0) }
    }

    private func require(_ known: Known, _ presence: Presence) throws(ParleyFailure) {
        if known.presence == presence { return }
        throw ParleyFailure(
            .invalidInput,
            "Round '\(known.name)' is not \(presence.rawValue): \(known.presence.rawValue) \(known.elsewhere)",
            remedy: "`parley round list` says where rounds are."
        )
    }

    /// What is here must be what was archived. The ledger may have grown by the entry that it was; and a coordinator
    /// that is on duty makes segments, and removes checkpoints of jobs that are done, at any time.
    private func compare(_ known: Known, _ tables: [CopiedTable]) async throws {
        let changing = ["segments", "checkpoints"] + (known.presence == .leaving ? [] : ["ledger"])
        for (table, copied) in zip(RoundTable.all, tables) where !changing.contains(table.name) {
            let rows = try await connection.query("select count(*) from \(table.source(known.id))").only().int64(0)
            guard rows == copied.rows else {
                throw ParleyFailure(
                    .incomplete,
                    "Round '\(known.name)' changed since it was archived: \(table.name) has \(rows) rows, the archive "
                        + "\(copied.rows).",
                    remedy: "Archive it again."
                )
            }
        }
    }
}
