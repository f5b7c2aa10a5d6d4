// The tables that hold a round's rows: what an archive has, in the order in which it is restored, and what a drop takes.
// Numbers that a server gave (of the round, and of its streams, budgets and labels) are given anew where rows arrive;
// the catalogue says in which columns they stand. A test holds it against the schema.

/// A table with rows of rounds.
public struct RoundTable: Sendable {
    /// What becomes of a column's value on another server.
    enum Renumbering: Sendable {
        case round, job, stream, budget, label
        /// A worker of another server is nobody here.
        case nobody
    }

    /// What becomes of its rows.
    enum Stay: Sendable {
        /// They go with a drop.
        case goes
        /// The same, a partition with all its rows at once.
        case partition
        /// They stay: what was agreed and said. Those that are there already are not added again.
        case stays
        /// The same, but the archive's are all that there are.
        case replaced
    }

    public let name: String
    let stay: Stay
    /// Which rows are the round's, where `$` stands for its number.
    let rows: String
    /// Beside the columns that are of one kind in every table.
    private let special: [String: Renumbering]

    private init(
        _ name: String,
        _ stay: Stay = .goes,
        rows: String = "t.round_id = $",
        renumbering special: [String: Renumbering] = [:]
    ) {
        self.name = name
        self.stay = stay
        self.rows = rows
        self.special = special
    }

    func renumbering(of column: String) -> Renumbering? {
        if let special = special[column] { return special }
        return switch column {
        case "round_id": .round
        case "job_id", "probe_job_id": .job
        case "stream_id": .stream
        case "budget_id": .budget
        default: nil
        }
    }

    private static let ofStreams = "t.stream_id in (select s.id from parley.streams s where s.round_id = $)"

    private static func inRange(_ column: String) -> String {
        "t.\(column) >= $::bigint << 36 and t.\(column) < ($::bigint + 1) << 36"
    }

    /// All of them; each after those that it refers to.
    public static let all: [RoundTable] = [
        RoundTable("rounds", .stays, rows: "t.id = $", renumbering: ["id": .round]),
        RoundTable("trees", .replaced),
        RoundTable("ledger", .stays),
        RoundTable("round_parties", .replaced),
        RoundTable("signatures", .stays),
        RoundTable("amendments", .stays),
        RoundTable("audit_seeds", .stays),
        RoundTable("admissions"),
        RoundTable("suites"),
        RoundTable("gradings"),
        RoundTable("samples"),
        RoundTable("data_keys"),
        RoundTable("exposures"),
        RoundTable("cells"),
        RoundTable("streams", renumbering: ["id": .stream, "base": .job, "probe_base": .job]),
        RoundTable("subjects", rows: ofStreams),
        RoundTable("budgets", renumbering: ["id": .budget]),
        RoundTable("budget_streams", rows: ofStreams),
        RoundTable("spending", rows: ofStreams),
        RoundTable("blocks", rows: inRange("first"), renumbering: ["first": .job, "worker_id": .nobody]),
        RoundTable("jobs", rows: inRange("id"), renumbering: ["id": .job]),
        RoundTable("outcomes", .partition),
        RoundTable("attempts", .partition),
        RoundTable("transcripts", .partition),
        RoundTable("dead_jobs"),
        RoundTable("checkpoints"),
        RoundTable("segments", renumbering: ["first": .job, "stop": .job]),
        RoundTable("labels", .stays, renumbering: ["id": .label, "supersedes": .label]),
    ]

    /// What has rows of rounds and is no part of an archive: who may read on this server, where a round stands in this
    /// server's calendar, what callers of this server asked, and what is of the moment (charges are in spending by then).
    static let notArchived = ["party_logins", "series_rounds", "requests", "charges", "reserves", "events"]
}
