// The ledger of a round and its states. Entries are written by the database alone, each in the transaction of what it
// records; here they are read, and rounds are moved.

public import ParleyModel
import ParleyPostgres

/// An entry of a ledger as the database holds it.
public struct StoredEntry: Hashable, Sendable {
    /// From 1, without gaps.
    public let sequence: Int
    /// By the database's clock, in microseconds since the Unix epoch.
    public let atMicros: Int64
    public let who: String
    public let what: String
    public let subject: String
    public let why: String
    public let hash: ContentHash
}

extension CoordinatorQueue {
    private static let entriesPerPage = 10_000

    /// The entries of a round's ledger, in their order.
    /// - Parameter sequence: those after this one
    public func ledgerEntries(of round: RoundID, after sequence: Int = 0) async throws -> [StoredEntry] {
        var entries: [StoredEntry] = []
        while true {
            let last = entries.last?.sequence ?? sequence
            let page = try await query(
                .ledger,
                [.int64(round.rawValue), .int64(Int64(last)), .int64(Int64(Self.entriesPerPage))]
            ).map { row in
                StoredEntry(
                    sequence: Int(try row.int64("sequence")),
                    atMicros: try row.timestamptz("at"),
                    who: try row.text("who"),
                    what: try row.text("what"),
                    subject: try row.text("subject"),
                    why: try row.text("why"),
                    hash: try ContentHash(stored: row.bytea("hash"))
                )
            }
            entries += page
            if page.count < Self.entriesPerPage { return entries }
        }
    }

    /// Adds an entry to a round's ledger. What the database writes of itself (`drafted`, `moved`, `signed`, `amended`)
    /// cannot be added.
    /// - Returns: its sequence number
    @discardableResult
    public func append(
        to round: RoundID,
        _ what: String,
        subject: String = "",
        by authority: Authority
    ) async throws -> Int {
        let row = try await query(
            .appendLedger,
            [
                .int64(round.rawValue), .text(authority.actor.storable(bytes: 256)), .text(what.storable(bytes: 64)),
                .text(subject.storable(bytes: 1024)), .text(authority.reason.storable(bytes: 2048)),
            ]
        ).only()
        return Int(try row.int64(0))
    }

    /// Moves a round to a state, with its entry in the ledger; nothing happens where it is there already.
    /// - Returns: whether it moved
    /// - Throws: `invalidInput` where it cannot go there from where it is, `incomplete` where jobs or signatures are
    ///   missing
    @discardableResult
    public func move(_ round: RoundID, to state: RoundState, by authority: Authority) async throws -> Bool {
        try await queryByState(
            .moveRound,
            [
                .int64(round.rawValue), .text(state.rawValue), .text(authority.actor.storable(bytes: 256)),
                .text(authority.reason.storable(bytes: 2048)),
            ]
        ).only().bool(0)
    }

    /// A query that a round's state can refuse, with what that says to people.
    func queryByState(_ statement: CoordinatorStatement, _ parameters: [PostgresValue]) async throws -> PostgresRows {
        do {
            return try await query(statement, parameters)
        } catch let error as PostgresError {
            if let failure = Self.stateFailure(error) { throw failure }
            throw error
        }
    }

    /// Where the outcome of a probe job stands; nil where there is none.
    public func probePlace(of job: JobID, in round: RoundID) async throws -> (cell: Int, sample: Int, epoch: Int)? {
        try await query(.probePlace, [.int64(round.rawValue), .int64(job.rawValue)]).first.map { row in
            (Int(try row.int32("cell_no")), Int(try row.int32("sample_no")), Int(try row.int32("epoch")))
        }
    }

    /// What a refusal by a round's state says to people; nil for any other error.
    private static func stateFailure(_ error: PostgresError) -> ParleyFailure? {
        guard let report = error.report else { return nil }
        let message = "\(report.message.prefix(1).uppercased())\(report.message.dropFirst())."
        switch report.sqlState {
        // object_not_in_prerequisite_state: the round's state does not allow it.
        case "55000":
            return ParleyFailure(.invalidInput, message, remedy: "`parley round status` shows where it stands.")
        // object_in_use: the state allows it, and something is missing.
        case "55006": return ParleyFailure(.incomplete, message, remedy: "`parley round status` shows what is missing.")
        default: return nil
        }
    }

    /// Where a round in this state can go.
    public func transitions(from state: RoundState) async throws -> [RoundState] {
        try await query(.transitions, [.text(state.rawValue)]).compactMap { RoundState(rawValue: try $0.text(0)) }
    }
}
